"""A real server process, spoken to over a real socket: ours, plain daphne, and runserver."""

import sys
from dataclasses import dataclass
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path

import pytest

from realtime_project.live.protocol import MAX_FRAME_BYTES
from tests.asking import get
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
    answer = get(fresh_server_process.port, "/accounts/login/")
    policy = answer.headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "'strict-dynamic'" in policy
    assert "/static/css/tokens." in answer.text
    assert "tokens.css" not in answer.text


def test_a_file_with_its_hash_is_kept_for_ever_and_comes_packed(live_server_process):
    [script] = collected(live_server_process, "js/early.*.js")

    whole = get(live_server_process.port, script.address)
    packed = get(live_server_process.port, script.address, Accept_Encoding="gzip, br")
    again = get(live_server_process.port, script.address, If_None_Match=whole.headers["ETag"])
    part = get(live_server_process.port, script.address, Range="bytes=2-5")

    assert (whole.status, whole.body) == (200, script.path.read_bytes())
    assert "immutable" in whole.headers["Cache-Control"]
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert packed.headers["Content-Encoding"] == "br"
    assert packed.body == script.path.with_name(f"{script.path.name}.br").read_bytes()
    assert (again.status, again.body) == (304, b"")
    assert (part.status, part.body) == (206, whole.body[2:6])


def test_nothing_beside_what_was_collected_is_given_away(live_server_process):
    secret = (live_server_process.var / "secret_key").read_bytes()

    for path in ("../secret_key", "..%2fsecret_key", "%2e%2e/secret_key", "js/", "none.js"):
        answer = get(live_server_process.port, f"/static/{path}")
        assert answer.status == 404
        assert secret not in answer.body


def test_an_answer_that_fails_half_way_ends_with_its_connection(fresh_server_process):
    for script in collected(fresh_server_process, "js/chat/*.js")[:2]:
        script.path.unlink()

        # Twice: daphne's own round that notices it must outlive the first one.
        with pytest.raises((RemoteDisconnected, IncompleteRead)):
            get(fresh_server_process.port, script.address)
    assert get(fresh_server_process.port, "/accounts/login/").status == 200


@dataclass(frozen=True)
class Collected:
    path: Path
    address: str


def collected(installation: Installation, pattern: str) -> list[Collected]:
    """Static files that have their hash in their names."""
    root = installation.var / "static"
    hashed = [path for path in sorted(root.glob(pattern)) if path.name.count(".") == 2]
    return [Collected(path, f"/static/{path.relative_to(root)}") for path in hashed]


def test_the_first_start_prepares_everything_and_prints_the_setup_link(tmp_path: Path):
    empty = Installation(tmp_path, sqlite_in(tmp_path), is_forked=False)

    with empty.served():
        printed = empty.log.read_text()

    assert f"{empty.url}/setup/" in printed
    assert list((tmp_path / "static/js").glob("early.*.js.br"))
