"""A real server process, spoken to over a real socket: ours, plain daphne, and runserver."""

import sys
from pathlib import Path

import pytest

from realtime_project.live.protocol import MAX_FRAME_BYTES
from tests.servers.installation import MANAGE, ROOT, Installation, sqlite_in
from tests.servers.process import Command, becomes, running
from tests.wire import client, make_people


def talks(installation: Installation) -> bool:
    """Whether a message goes from one socket of Alice's to another one."""
    room, [alice] = make_people(installation, "alice")
    with client(installation, alice) as hers, client(installation, alice) as her_phone:
        her_phone.subscribe(room)
        hers.subscribe(room)
        hers.post(room, "over the wire")
        [row] = her_phone.hear_all(room, 1)
        return "over the wire" in row["html"]


def reports(installation: Installation) -> int:
    """How many seconds the server has measured itself, which it does where it has residents."""
    script = (
        "from dashboard.models.reports import StoredReport; print(StoredReport.objects.count())"
    )
    return int(installation.manage("shell", "--verbosity=0", "-c", script))


@pytest.fixture
def installation(new_installation) -> Installation:
    installed: Installation = new_installation()
    return installed


def test_our_server_carries_a_message_from_socket_to_socket(fresh_server_process):
    assert talks(fresh_server_process)


@pytest.mark.parametrize("name", ["daphne", "runserver"])
def test_other_servers_carry_it_too(installation: Installation, name: str):
    daphne = [sys.executable, "-m", "daphne", "-p", str(installation.port)]
    commands: dict[str, Command] = {
        "daphne": [*daphne, "realtime_project.asgi:application"],
        "runserver": [*MANAGE, "runserver", "--noreload", str(installation.port)],
    }
    environment = installation.environment() | {"DEBUG": "1", "PYTHONPATH": str(ROOT)}

    with running(
        commands[name], log=installation.log, is_ready=installation.answers, env=environment
    ):
        assert talks(installation)
        assert becomes(lambda: reports(installation) > 0)


def test_a_second_process_on_the_same_folder_is_refused_in_a_sentence(fresh_server_process):
    with pytest.raises(AssertionError, match="Another process already serves the installation"):
        fresh_server_process.manage("serve", "--port", "0")


def test_a_port_that_is_taken_is_said(fresh_server_process, installation: Installation):
    with pytest.raises(AssertionError, match="Couldn't listen"):
        installation.manage("serve", "--port", str(fresh_server_process.port))


def test_a_frame_of_64_kib_is_heard_and_one_more_byte_closes(fresh_server_process):
    _room, [alice] = make_people(fresh_server_process, "alice")
    with client(fresh_server_process, alice) as hers:
        hers.connection.send("x" * MAX_FRAME_BYTES)
        refused = hers.hear(lambda frame: "re" in frame)
        assert refused["error"]["code"] == "bad_request"

        hers.connection.send("x" * (MAX_FRAME_BYTES + 1))
        assert hers.close_code() == 1009


def test_pages_come_with_a_strict_policy_and_hashed_files(fresh_server_process):
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", fresh_server_process.port, timeout=60)
    connection.request("GET", "/accounts/login/")
    answer = connection.getresponse()
    page, policy = answer.read().decode(), answer.headers["Content-Security-Policy"]
    connection.close()

    assert "unsafe" not in policy
    assert "'strict-dynamic'" in policy
    assert "/static/css/tokens." in page
    assert "tokens.css" not in page


def test_the_first_start_prepares_everything_and_prints_the_setup_link(tmp_path: Path):
    empty = Installation(tmp_path, sqlite_in(tmp_path), is_forked=False)

    with empty.served():
        printed = empty.log.read_text()

    assert f"{empty.url}/setup/" in printed
    assert list((tmp_path / "static/js").glob("early.*.js.br"))
