"""Reading along from a shell: curl with a token, on a real server."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.one_way import Browser
from tests.servers.installation import ROOT, Installation
from tests.servers.process import running
from tests.shell import REVOKE, curl, curl_command, make_token, shell
from tests.wire import client, make_people

NUMBER_OF_BOB = """
from realtime_project.accounts.models import User
print(User.objects.get(username="bob").pk)
"""


@pytest.fixture(scope="module")
def installation(live_server_process: Installation) -> Iterator[Installation]:
    yield live_server_process
    assert "Traceback" not in live_server_process.log.read_text()


@pytest.fixture(scope="module")
def place(installation: Installation) -> tuple[str, str]:
    """A room of Alice and Bob, and Alice's session."""
    room, [alice, _] = make_people(installation, "alice", "bob")
    make_people(installation, "mallory")
    return room, alice


def ask(installation: Installation, secret: str, path: str) -> tuple[int, dict[str, str], Any]:
    """Ask for something that is answered at once: the status, the headers, and what was said."""
    command = [*curl_command(installation, secret, path), "-i"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    head, _, body = done.stdout.replace("\r\n", "\n").partition("\n\n")
    status, *lines = head.split("\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(status.split()[1]), headers, json.loads(body)


def test_a_line_in_a_shell_tells_what_is_said_in_a_room(installation, place):
    room, alice = place
    _, secret = make_token(installation, "bob")

    with curl(installation, secret, f"/live/events?topic={room}&topic=inbox") as reader:
        reader.hear('"re":0', room, "inbox")
        with client(installation, alice) as page:
            page.subscribe(room)
            page.post(room, "read this in a shell")

        reader.hear("read this in a shell")


def test_who_comes_back_with_the_last_id_goes_on_from_there(installation, place):
    room, alice = place
    _, secret = make_token(installation, "bob")
    with curl(installation, secret, f"/live/events?topic={room}") as reader:
        reader.hear('"reset":true')
        last_id = reader.hear_id()
    with client(installation, alice) as page:
        page.subscribe(room)
        page.post(room, "while nobody read")

    path = f"/live/events?topic={room}&cursor={last_id}"
    with curl(installation, secret, path) as reader:
        reader.hear("while nobody read")


def test_long_polling_does_as_well(installation, place):
    room, alice = place
    _, secret = make_token(installation, "bob")
    _, _, first = ask(installation, secret, f"/live/poll?topic={room}&wait=0")
    with client(installation, alice) as page:
        page.subscribe(room)
        page.post(room, "between two polls")

    _, _, told = ask(
        installation, secret, f"/live/poll?topic={room}&wait=10&cursor={first['cursor']}"
    )

    assert "between two polls" in json.dumps(told["frames"])


def test_a_program_that_reads_does_not_show_its_owner_as_online(installation, place):
    _, alice = place
    _, secret = make_token(installation, "bob")
    bob = shell(installation, NUMBER_OF_BOB)

    with (
        curl(installation, secret, "/live/events?topic=me") as reader,
        Browser(installation, alice).stream(me=None, people=None).events() as page,
    ):
        reader.hear('"re":0')
        page.hear_status(bob, "away")

        told = [one.get("state") or one.get("change") or {} for one in page.frames]
        assert "online" not in {one.get(bob) for one in told}


def test_a_token_opens_no_room_that_its_owner_may_not_see(installation, place):
    room, _ = place
    _, secret = make_token(installation, "mallory")

    with curl(installation, secret, f"/live/events?topic={room}&topic=me") as reader:
        answer = reader.hear('"re":0')

    assert answer["ok"][room]["error"]["code"] == "not_found"
    assert "rev" in answer["ok"]["me"]


def test_revoking_ends_an_open_stream_at_once_and_it_cannot_be_opened_again(installation, place):
    room, _ = place
    token, secret = make_token(installation, "bob")
    _, other = make_token(installation, "bob")
    path = f"/live/events?topic={room}"
    with (
        curl(installation, secret, path) as reader,
        curl(installation, other, path) as untouched,
    ):
        reader.hear('"re":0')
        untouched.hear('"re":0')

        shell(installation, REVOKE.format(token=token))

        assert '"code":4401' in reader.read_to_end()
        assert untouched.process.poll() is None
    assert ask(installation, secret, path)[0] == 401
    assert ask(installation, secret, f"/live/poll?topic={room}")[0] == 401


def test_a_revocation_that_is_told_to_nobody_is_found_in_the_database(new_installation):
    with new_installation().served() as installation:
        make_people(installation, "bob")
        token, secret = make_token(installation, "bob")
        with curl(installation, secret, "/live/events?topic=inbox") as reader:
            reader.hear('"re":0')
            Path(installation.var / "doorbell").unlink()

            shell(installation, REVOKE.format(token=token))

            assert '"code":4401' in reader.read_to_end()


def test_a_stream_ends_when_its_token_expires(installation, place):
    _, secret = make_token(installation, "bob", seconds=3)

    with curl(installation, secret, "/live/events?topic=inbox") as reader:
        reader.hear('"re":0')

        assert '"code":4401' in reader.read_to_end()


def test_a_wrong_token_is_told_so_and_a_session_beside_it_is_not_looked_at(installation, place):
    _, alice = place
    command = curl_command(installation, "sbx_wrong", "/live/events?topic=inbox")

    status, headers, _ = ask(installation, "sbx_wrong", "/live/events?topic=inbox")
    with_cookie = subprocess.run(
        [*command, "-b", f"sessionid={alice}", "-o", "/dev/null", "-w", "%{http_code}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert (status, headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert with_cookie.stdout == "401"


def test_a_token_in_the_address_is_none(installation, place):
    _, secret = make_token(installation, "bob")

    assert ask(installation, "", f"/live/events?topic=inbox&access_token={secret}")[0] == 401


def test_a_token_opens_no_socket(installation, place):
    _, secret = make_token(installation, "bob")
    command = [
        *curl_command(installation, secret, "/ws/"),
        *("-H", "Connection: Upgrade", "-H", "Upgrade: websocket"),
        *("-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
        *("-H", "Sec-WebSocket-Protocol: signalbox.v1", "-H", f"Origin: {installation.url}"),
        *("-o", "/dev/null", "-w", "%{http_code}"),
    ]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout == "403"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/live/events", 400), ("/live/events?topic=nothing", 404), ("/live/poll?topic=", 400)],
)
def test_who_names_no_topic_is_told(installation, place, path: str, status: int):
    _, secret = make_token(installation, "bob")

    assert ask(installation, secret, path)[0] == status


def test_plain_daphne_serves_it_too(new_installation):
    installation = new_installation()
    make_people(installation, "bob")
    token, secret = make_token(installation, "bob")
    daphne = [sys.executable, "-m", "daphne", "-p", str(installation.port)]
    environment = installation.environment() | {"DEBUG": "1", "PYTHONPATH": str(ROOT)}

    with (
        running(
            [*daphne, "realtime_project.asgi:application"],
            log=installation.log, is_ready=installation.answers, env=environment,
        ),
        curl(installation, secret, "/live/events?topic=inbox") as reader,
    ):  # fmt: skip
        reader.hear('"re":0')
        told = [*curl_command(installation, secret, "/api/v1/notify/person/bob"), "-d", "text"]
        done = subprocess.run(told, capture_output=True, text=True, check=True)
        # The token is for reading alone.
        assert json.loads(done.stdout)["error"]["code"] == "forbidden"

        shell(installation, REVOKE.format(token=token))

        assert '"code":4401' in reader.read_to_end()
