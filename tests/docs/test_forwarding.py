"""`bin/forward` hands what comes into an inbox to a program, as docs/api.md says."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.installation import ROOT, Installation
from tests.servers.process import running
from tests.wire import make_people

TOKEN = """
import json
from realtime_project.accounts.models import User
from realtime_project.accounts.services import make_token
alice = User.objects.get(username="alice")
print(json.dumps(make_token(by=alice, name="forward", scopes={scopes})[1]))
"""
SAY = """
from notifications.kinds import PUBLISHED
from notifications.notices import Notice
from notifications.services import notify
from realtime_project.accounts.models import User
alice = User.objects.get(username="alice").pk
notify(Notice(alice, PUBLISHED.name, params={{"title": "{title}", "detail": "{detail}"}}))
"""
# What stands in for Apprise.
PROGRAM = "import json, sys; open(sys.argv[1], 'a').write(json.dumps(sys.argv[2:]) + '\\n')"
SECONDS = 60


class Forwarding:
    """The program that forwards, and what it has called another one with."""

    def __init__(self, installation: Installation, folder: Path, token: str) -> None:
        self.installation, self.told = installation, folder / "told"
        self.cursor, self.log = folder / "cursor", folder / "log"
        program: list[str | Path] = [sys.executable, "-c", PROGRAM, self.told]
        self.command: list[str | Path] = [sys.executable, ROOT / "bin/forward", *program]
        self.environment = os.environ | {
            "SITE": installation.url,
            "TOKEN": token,
            "CURSOR": str(self.cursor),
            "LANGUAGE": "en",
        }

    def say(self, title: str, detail: str = "") -> None:
        self.installation.manage(
            "shell", "--verbosity=0", "-c", SAY.format(title=title, detail=detail)
        )

    def calls(self) -> list[list[str]]:
        lines = self.told.read_text().splitlines() if self.told.exists() else []
        return [json.loads(line) for line in lines]


def once(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)


def token(installation: Installation, scope: str) -> str:
    printed = installation.manage("shell", "--verbosity=0", "-c", TOKEN.format(scopes=[scope]))
    made: str = json.loads(printed.splitlines()[-1])
    return made


def test_what_comes_is_forwarded_once_also_what_came_while_nobody_forwarded(
    fresh_server_process: Installation, tmp_path: Path
):
    make_people(fresh_server_process, "alice", "bob")
    forwarding = Forwarding(fresh_server_process, tmp_path, token(fresh_server_process, "read"))
    forwarding.say("before it began")

    def run():
        return running(
            forwarding.command,
            log=forwarding.log,
            is_ready=forwarding.cursor.exists,
            env=forwarding.environment,
        )

    with run():
        known = forwarding.cursor.read_text()
        forwarding.say("Backup failed", "no space left")
        once(lambda: bool(forwarding.calls()) and forwarding.cursor.read_text() != known)
    forwarding.say("while nobody forwarded")
    with run():
        once(lambda: len(forwarding.calls()) >= 2)

    assert forwarding.calls() == [
        ["-t", "Signalbox", "-b", "Backup failed\nno space left"],
        ["-t", "Signalbox", "-b", "while nobody forwarded"],
    ]


@pytest.mark.parametrize(
    ("site", "secret", "words"),
    [
        ("https://chat.example.org", "", "TOKEN is not set"),
        ("", "sbx_x", "SITE is not set"),
        ("http://chat.example.org", "sbx_x", "has to begin with https://"),
        ("http://localhost.example.org", "sbx_x", "has to begin with https://"),
        ("chat.example.org", "sbx_x", "has to begin with https://"),
    ],
)
def test_it_says_what_is_missing_and_shows_no_token_to_those_on_the_way(
    site: str, secret: str, words: str
):
    environment = os.environ | {"SITE": site, "TOKEN": secret}
    command: list[str | Path] = [sys.executable, ROOT / "bin/forward", "true"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
