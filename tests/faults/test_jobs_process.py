"""The process that does jobs: beside a server, or on its own with a broker."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import NewInstallation
from tests.servers.installation import Installation
from tests.servers.process import is_alive
from tests.servers.requirements import required
from tests.servers.valkey import Valkey, serve_valkey
from tests.wire import client, make_people

EXPIRE = """
from datetime import timedelta
from realtime_project.accounts.models import Session
from django.utils import timezone
from realtime_project.live.queue import enqueue
Session.objects.filter(session_key="{key}").update(expire_date=timezone.now() - timedelta(hours=1))
{then}
"""
ASK = 'enqueue("accounts.end_expired_sessions")'


@pytest.fixture
def served(new_installation: NewInstallation) -> Iterator[Installation]:
    with new_installation().served(jobs=True) as installation:
        yield installation


def test_a_server_alone_does_jobs_which_reach_its_sockets(served: Installation):
    room, [alice, bob] = make_people(served, "alice", "bob")
    with client(served, alice) as hers, client(served, bob) as his:
        served.manage("shell", "-c", EXPIRE.format(key=bob, then=ASK))

        assert his.close_code() == 4401
        assert "ok" in hers.ask(do="subscribe", topics={room: None})


def test_an_operator_can_do_a_job_now(fresh_server_process: Installation):
    _room, [bob] = make_people(fresh_server_process, "bob")
    with client(fresh_server_process, bob) as his:
        fresh_server_process.manage("shell", "-c", EXPIRE.format(key=bob, then=""))

        fresh_server_process.manage("jobs", "--run", "accounts.end_expired_sessions")

        assert his.close_code() == 4401


def test_an_operator_sees_what_there_is(new_installation: NewInstallation):
    installation = new_installation()

    listed = installation.manage("jobs", "--list")

    assert "accounts.end_expired_sessions" in listed
    assert "every hour" in listed
    with pytest.raises(AssertionError, match=r"no job “accounts\.end”"):
        installation.manage("jobs", "--run", "accounts.end")


def test_a_jobs_process_that_is_killed_comes_back(served: Installation):
    first = jobs_process_of(served)

    os.kill(first, signal.SIGKILL)

    assert is_alive(jobs_process_of(served, other_than=first))
    assert served.answers()


def test_when_the_server_is_killed_its_jobs_process_ends(served: Installation):
    child = jobs_process_of(served)
    assert served.process is not None

    served.process.kill()

    until(lambda: not is_alive(child), "it outlives its server")


def test_when_the_server_is_told_to_end_both_do(served: Installation):
    child = jobs_process_of(served)
    assert served.process is not None

    served.process.terminate()

    assert served.process.wait(90) == 0
    assert not is_alive(child)
    assert "No more jobs" in served.log.read_text()


def test_without_jobs_there_is_no_such_process(fresh_server_process: Installation):
    make_people(fresh_server_process, "alice")
    assert fresh_server_process.process is not None

    assert children_of(fresh_server_process.process.pid) == []


class TestWithABroker:
    """A service of its own, beside workers that start none."""

    @pytest.fixture
    def broker(self) -> Iterator[Valkey]:
        with required(), serve_valkey() as broker:
            yield broker

    @pytest.fixture
    def served(self, new_installation: NewInstallation, broker: Valkey) -> Iterator[Installation]:
        installation = new_installation()
        installation.settings["REDIS_URL"] = broker.url
        with installation.served():
            yield installation

    def test_its_jobs_reach_the_sockets_of_workers(self, served: Installation):
        _room, [bob] = make_people(served, "bob")
        with served.doing_jobs(), client(served, bob) as his:
            served.manage("shell", "-c", EXPIRE.format(key=bob, then=ASK))

            assert his.close_code() == 4401

    def test_a_broker_that_is_away_delays_nobody_who_asks_and_is_used_again(
        self, served: Installation, broker: Valkey
    ):
        _room, [bob] = make_people(served, "bob")
        with served.doing_jobs() as process, client(served, bob) as his:
            broker.process.send_signal(signal.SIGSTOP)
            served.manage("shell", "-c", EXPIRE.format(key=bob, then=ASK))
            broker.process.kill()
            broker.process.wait()
            with serve_valkey(broker.port):
                served.manage("shell", "-c", EXPIRE.format(key=bob, then=ASK))

                assert his.close_code() == 4401
            assert process.poll() is None


def jobs_process_of(installation: Installation, other_than: int = 0) -> int:
    """The child of a server, once it does jobs."""
    assert installation.process is not None
    server = installation.process.pid
    count = 2 if other_than else 1

    def is_there() -> bool:
        return (
            installation.log.read_text().count("Doing jobs") >= count
            and set(children_of(server)) - {other_than} != set()
        )

    until(is_there, "no jobs process")
    [pid] = set(children_of(server)) - {other_than}
    return pid


def children_of(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def until(condition: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.02)
