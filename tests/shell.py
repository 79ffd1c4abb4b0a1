"""What stands in a shell: tokens, and curl that reads along with them."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.one_way import SECONDS
from tests.servers.installation import Installation

MAKE_TOKEN = """
import json
from datetime import timedelta
from realtime_project.accounts.models import User
from realtime_project.accounts.services import make_token
owner = User.objects.get(username={owner!r})
token, secret = make_token(by=owner, name="shell", scopes={scopes!r})
if {seconds!r}:
    from django.utils import timezone
    token.expires = timezone.now() + timedelta(seconds={seconds!r})
    token.save()
print(json.dumps([token.pk, secret]))
"""
REVOKE = """
from realtime_project.accounts.models import Token
from realtime_project.accounts.services import revoke_token
token = Token.objects.get(pk={token})
revoke_token(by=token.owner, token=token.pk)
"""


def make_token(
    installation: Installation, owner: str, *, scope: str = "read", seconds: int = 0
) -> tuple[int, str]:
    script = MAKE_TOKEN.format(owner=owner, scopes=[scope], seconds=seconds)
    number, secret = json.loads(shell(installation, script))
    return number, secret


def shell(installation: Installation, script: str) -> str:
    """Run a few lines in a process of their own, and return the last that they print."""
    printed = installation.manage("shell", "--verbosity=0", "-c", script)
    return printed.strip().rpartition("\n")[2]


def curl_command(installation: Installation, secret: str, path: str) -> list[str]:
    return [
        *("curl", "-sS", "-N", "--max-time", str(SECONDS)),
        *("-H", f"Authorization: Bearer {secret}", f"{installation.url}{path}"),
    ]


class Reader:
    """What curl prints, as it comes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []

    def hear(self, *words: str) -> dict[str, Any]:
        """Read until an event has all of these words, and return it."""
        for line in self._read():
            if line.startswith("data: ") and all(word in line for word in words):
                found: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return found
        raise AssertionError(f"curl ended without {words}: {self.lines}")

    def hear_id(self) -> str:
        """Read until the server says where we stand."""
        return next(line for line in self._read() if line.startswith("id: "))[4:].strip()

    def read_to_end(self) -> str:
        return "".join(self._read())

    def _read(self) -> Iterator[str]:
        if self.process.stdout is None:
            raise AssertionError("curl prints nothing")
        for line in self.process.stdout:
            self.lines.append(line)
            yield line


@contextmanager
def curl(installation: Installation, secret: str, path: str) -> Iterator[Reader]:
    command = curl_command(installation, secret, path)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Reader(process)
        finally:
            process.kill()
