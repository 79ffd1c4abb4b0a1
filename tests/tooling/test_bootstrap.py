"""How the environment is set up."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.servers.installation import ROOT


def test_an_environment_that_is_another_checkouts_is_left_alone(tmp_path: Path):
    theirs = tmp_path / "theirs"
    (theirs / "bin").mkdir(parents=True)
    (theirs / "bootstrap-stamp").write_text("of another checkout")
    here = tmp_path / "worktree"
    (here / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "bootstrap", here / "bin")
    (here / ".venv").symlink_to(theirs)
    for lock in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / lock, here)

    done = subprocess.run(
        [sys.executable, here / "bin" / "bootstrap", "dev"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0
    assert "left as it is" in done.stderr
    assert (theirs / "bootstrap-stamp").read_text() == "of another checkout"
    assert (theirs / "bin").exists()
