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
import time
from dashboard.ingest.senders import make_source_token
from dashboard.models import IngestSource
from dashboard.models.alerts import Alert, Rule
from realtime_project.accounts.models import User
from realtime_project.accounts.services import make_token
from tests.cast import make_room
alice = User.objects.get(username="alice")
make_room(alice, name="releases")
User.objects.filter(pk=alice.pk).update(is_staff=True)
web1 = IngestSource.objects.create(slug="web1", title="web1")
rule = Rule.objects.create(name="Queue", threshold=100, query={"metric": "queue"})
alert = Alert.objects.create(rule=rule, state="firing", since=time.time(), value=250)
print(json.dumps({
    "TOKEN": make_token(by=alice, name="docs", scopes=["notify", "read", "alerts"])[1],
    "SOURCE": make_source_token(by=alice, source=web1, name="docs"),
    "ALERT": str(alert.pk),
}))
"""
README = (ROOT / "README.md").read_text()
# A line may begin with what goes into curl.
LINES = re.findall(
    r"^ {4}((?:printf .*\n {8}|\./deploy .*)?curl (?:.*\\\n)*.*)",
    (ROOT / "docs/api.md").read_text(),
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def shell_variables(live_server_process: Installation) -> dict[str, str]:
    make_people(live_server_process, "alice", "bob")
    printed = live_server_process.manage("shell", "--verbosity=0", "-c", PREPARE)
    return {"SITE": live_server_process.url, **json.loads(printed.splitlines()[-1])}


def run(line: str, variables: dict[str, str]) -> str:
    """Run a line as a shell does, and return what it prints within two seconds."""
    line = line.replace("curl ", "curl -sS --max-time 2 ", 1).replace("./deploy", "echo ready", 1)
    done = subprocess.run(
        ["bash", "-c", line], env=os.environ | variables, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    return done.stdout


def test_there_are_examples():
    assert len(LINES) == 21


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_an_example_works(line: str, shell_variables: dict[str, str]):
    printed = run(line, shell_variables)

    if "/live/events" in line:
        assert 'data: {"re":0,"ok":{"inbox":{"rev":' in printed
    elif "/live/poll" in line:
        assert json.loads(printed)["cursor"]
    elif "nonsense" in line:
        assert json.loads(printed)["error"]["detail"].startswith("line 1: ")
    elif "/api/v1/ingest/" in line:
        assert printed == "204"
    elif "/api/v1/ping/" in line:
        assert json.loads(printed)["heartbeat"] == "backup"
    elif "?state=firing" in line:
        [alert] = json.loads(printed)["alerts"]
        assert alert["name"] == "Queue"
    else:
        assert json.loads(printed)["id"]


def test_what_the_readme_sends_is_stored(shell_variables: dict[str, str]):
    [line] = re.findall(r"^ {4}(curl .*/write.*)", README, re.MULTILINE)

    printed = run(
        line.replace("https://chat.example.org", "$SITE").replace("curl ", "curl -v ", 1) + " 2>&1",
        shell_variables,
    )

    assert "HTTP/1.1 204" in printed


def test_the_line_in_the_readme_works(shell_variables: dict[str, str]):
    [line] = re.findall(r"^ {4}(curl -N .*)", README, re.MULTILINE)

    printed = run(line.replace("https://chat.example.org", "$SITE"), shell_variables)

    assert '"inbox":{"rev":' in printed
