"""The lines that docs/api.md shows work as they stand there."""

import json
import os
import re
import subprocess

import pytest

from tests.servers.installation import ROOT, Installation
from tests.wire import make_people

PREPARE = """
import json
from realtime_project.accounts.models import User
from realtime_project.accounts.services import make_token
from tests.cast import make_room
alice = User.objects.get(username="alice")
make_room(alice, name="releases")
print(json.dumps(make_token(by=alice, name="docs", scopes=["notify", "read"])[1]))
"""
README = (ROOT / "README.md").read_text()
LINES = re.findall(r"^ {4}(curl (?:.*\\\n)*.*)", (ROOT / "docs/api.md").read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def shell_variables(live_server_process: Installation) -> dict[str, str]:
    make_people(live_server_process, "alice", "bob")
    printed = live_server_process.manage("shell", "--verbosity=0", "-c", PREPARE)
    return {"SITE": live_server_process.url, "TOKEN": json.loads(printed.splitlines()[-1])}


def run(line: str, variables: dict[str, str]) -> str:
    """Run a line as a shell does, and return what it prints within two seconds."""
    line = line.replace("curl ", "curl -sS --max-time 2 ", 1)
    done = subprocess.run(
        ["bash", "-c", line], env=os.environ | variables, capture_output=True, text=True,
        check=False, timeout=30,
    )  # fmt: skip
    return done.stdout


def test_there_are_examples():
    assert len(LINES) == 6


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_an_example_works(line: str, shell_variables: dict[str, str]):
    printed = run(line, shell_variables)

    if "/live/events" in line:
        assert 'data: {"re":0,"ok":{"inbox":{"rev":' in printed
    elif "/live/poll" in line:
        assert json.loads(printed)["cursor"]
    else:
        assert json.loads(printed)["id"]


def test_the_line_in_the_readme_works(shell_variables: dict[str, str]):
    [line] = re.findall(r"^ {4}(curl -N .*)", README, re.MULTILINE)

    printed = run(line.replace("https://chat.example.org", "$SITE"), shell_variables)

    assert '"inbox":{"rev":' in printed
