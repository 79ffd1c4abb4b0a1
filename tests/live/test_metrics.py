"""A worker tells what it counted: exactly what happened, to whom it may, whatever is broken."""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from realtime_project.live import metrics
from realtime_project.live.codes import known_code
from tests.scrapes import get_metrics, scrape, scrape_until
from tests.servers.installation import MANAGE, Installation
from tests.servers.process import Command, running
from tests.wire import Client, client, dial, make_people

TOKEN = "a token that nobody guesses"


@pytest.fixture
def installation(new_installation) -> Installation:
    installed: Installation = new_installation()
    installed.settings["METRICS_TOKEN"] = TOKEN
    return installed


def bytes_of_changes(*clients: Client) -> int:
    """How much JSON the changes of messages were that these clients heard."""
    return sum(
        len(json.dumps(frame, separators=(",", ":")))
        for one in clients
        for frame in one.frames
        if frame.get("rows")
    )


def test_after_a_conversation_the_counters_say_exactly_what_happened(fresh_server_process):
    server = fresh_server_process
    room, sessions = make_people(server, "alice", "bob")
    with client(server, sessions[0]) as alice, client(server, sessions[1]) as bob:
        for one in (alice, bob):
            one.subscribe(room)
        for number in range(3):
            assert "ok" in alice.post(room, f"message {number}")
        bob.hear_all(room, 3)
        alice.hear_all(room, 3)
        assert "error" in bob.post(room, "")
        assert "error" in bob.ask(do="drop.tables", topic=room, args={})
        bob.tell(do="typing", topic=room)
        alice.hear(lambda frame: frame.get("event") == "typing")
        bob.connection.send("nonsense")
        bob.hear(lambda frame: "re" in frame and frame["re"] is None)
        told = scrape_until(server, "commands_total", 1, command="typing", outcome="ok")
        heard = bytes_of_changes(alice, bob)
    ended = scrape_until(server, "sockets", 0, transport="direct")

    assert told("handshakes_total", status="101", reason="accepted") == 2
    assert told("sockets", transport="direct") == told("people") == told("subscriptions") == 2
    assert told("commands_total", command="subscribe", outcome="ok") == 2
    assert told("commands_total", command="message.post", outcome="ok") == 3
    assert told("commands_total", command="message.post", outcome="bad_request") == 1
    assert told("commands_total", command="unknown", outcome="unknown") == 1
    assert told("commands_total", command="unreadable", outcome="bad_request") == 1
    assert told("command_seconds_count", command="message.post") == 4
    assert told("changes_total", stream="room") == 3
    assert told("events_total", event="typing") == 1
    assert told("deliveries_total") == 6
    assert told("delivered_bytes_total") == heard
    assert told("fan_out_seconds_count") == told("group_commit_items_count") == 3
    assert told("fan_out_seconds_sum") > 0
    assert told("resets_total") == 2  # each came with nothing and loads the state
    assert ended("closes_total", code="1000") == 2
    assert ended("subscriptions") == 0


def test_a_number_is_told_for_the_process_and_what_lies_beneath(live_server_process):
    _room, [alice] = make_people(live_server_process, "ann")
    with client(live_server_process, alice):
        told = scrape_until(live_server_process, "sockets", 1, transport="direct")

    assert (told.get("process_resident_memory_bytes") or 0) > 10_000_000
    assert 3 < (told.get("process_open_fds") or 0) < (told.get("process_max_fds") or 0)
    assert (told.get("process_cpu_seconds_total") or 0) > 0
    assert abs((told.get("process_start_time_seconds") or 0) - time.time()) < 600
    assert told("gc_collections_total", generation="2") > 0
    assert told("database_run_seconds_count") > 0
    assert told("http_requests_total", status="2xx") == told("http_request_seconds_count") > 0
    assert told("draining") == 0
    assert told.get("signalbox_layer_up") is None
    lag = told("loop_lag_seconds_count")
    scrape_until(live_server_process, "loop_lag_seconds_count", at_least=lag + 1)


def test_taking_access_away_is_counted(live_server_process):
    _room, [carol] = make_people(live_server_process, "carol")
    with client(live_server_process, carol) as hers:
        before = scrape(live_server_process)
        sign_out(live_server_process, carol)
        assert hers.close_code() == 4401
    after = scrape_until(live_server_process, "closes_total", 1, code="4401")

    for name in ("revoked_sockets_total", "revocation_seconds_count"):
        assert after(name) - before(name) == 1
    assert after("goodbyes_total", code="4401") == 1


def sign_out(installation: Installation, session: str) -> None:
    """Sign out as a page does: in the server's process, which tells its hub."""
    secret = "s" * 32
    connection = HTTPConnection("127.0.0.1", installation.port, timeout=60)
    headers = {"Cookie": f"sessionid={session}; csrftoken={secret}", "X-CSRFToken": secret}
    connection.request("POST", "/accounts/logout/", headers=headers)
    assert connection.getresponse().status == 302
    connection.close()


def test_refused_handshakes_are_told_apart(live_server_process):
    _room, [dave] = make_people(live_server_process, "dave")
    refusals: list[tuple[str, str, str, dict[str, Any]]] = [
        ("invented", "403", "session", {}),
        (dave, "403", "origin", {"origin": "http://evil.example"}),
        (dave, "400", "subprotocol", {"subprotocols": ["chat"]}),
    ]
    for session, status, reason, options in refusals:
        with pytest.raises(InvalidStatus):
            dial(live_server_process, session, legacy=True, **options)
        scrape_until(live_server_process, "handshakes_total", 1, status=status, reason=reason)


def test_who_came_through_a_proxy_learns_that_there_is_no_such_page(live_server_process):
    status, text = get_metrics(live_server_process, X_Forwarded_For="127.0.0.1")
    nothing, _ = get_metrics(live_server_process, path="/nothing", X_Forwarded_For="127.0.0.1")

    assert status == nothing == 404
    assert "signalbox_" not in text


def test_a_worker_behind_a_proxy_tells_only_who_has_the_token(installation: Installation):
    unix = installation.var / "worker.sock"
    with installation.served("--proxy-headers", "--unix-socket", str(unix)):
        assert get_metrics(installation)[0] == 404
        assert get_metrics(installation, by=unix)[0] == 404
        assert get_metrics(installation, Authorization=f"Bearer {TOKEN}x")[0] == 404
        assert get_metrics(installation, Authorization=f"Bearer {TOKEN}")[0] == 200
        assert get_metrics(installation, by=unix, Authorization=f"Bearer {TOKEN}")[0] == 200


@pytest.fixture
def without_database(tmp_path) -> Iterator[Installation]:
    """A worker whose database cannot be opened."""
    installed = Installation(tmp_path, f"sqlite:///{tmp_path}/missing/db.sqlite3")
    command: Command = [*MANAGE, "serve", "--port", str(installed.port)]
    with running(
        command,
        log=installed.log,
        is_ready=lambda: is_alive(installed),
        env=installed.environment(),
    ):
        yield installed


def is_alive(installation: Installation) -> bool:
    try:
        return get_metrics(installation, path="/healthz")[0] == 200
    except OSError:
        return False


def test_metrics_are_told_while_the_database_is_away(without_database):
    assert get_metrics(without_database, path="/readyz")[0] == 503

    assert scrape(without_database)("http_requests_total", status="5xx") == 1


def test_a_client_cannot_make_up_close_codes_to_be_counted():
    assert known_code(4000) == "4000"
    assert known_code(1006) == "1006"
    assert {known_code(code) for code in (1999, 3000, 4999, -1)} == {"other"}


def test_every_name_is_in_the_table_once_and_says_its_kind():
    names = [metric.name for metric in metrics.table]

    assert len(names) == len(set(names))
    for metric in metrics.table:
        assert metric.name.endswith("_total") == (metric.kind == "counter"), metric.name
