"""The locked requirements."""

import json
import re

import pytest

from tests.servers.installation import ROOT


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_a_hash_and_no_address(lock: str):
    text = (ROOT / lock).read_text()

    packages = re.findall(r"^\S+==\S+(?: ;.*)? \\\n    --hash=sha256:", text, re.MULTILINE)

    assert len(packages) == len(re.findall(r"^[^\s#]", text, re.MULTILINE)) > 0
    assert "://" not in text
    assert "index-url" not in text


def test_the_browser_and_its_tests_load_the_same_versions():
    vendored = json.loads((ROOT / "static/vendor/manifest.json").read_text())
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]

    versions = {entry["package"]: entry["version"] for entry in vendored.values()}
    assert versions == {name: wanted.get(name) for name in versions}
