"""What somebody was told is stored is stored, whatever happens to the server afterwards."""

import sqlite3
import time
from collections.abc import Sized
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from threading import Event
from urllib.parse import urlsplit

import pytest

from dashboard.demo.feed import Feed, Refused
from tests.conftest import NewInstallation
from tests.dashboard.ingest.sending import kept, make_sources, stored
from tests.servers.installation import Installation
from tests.servers.process import becomes

PROGRAMS = 4
LONG_AGO = int(time.time()) - 86_400
AT_LEAST = 25


def test_no_number_that_was_acknowledged_is_lost_when_the_server_is_killed(
    new_installation: NewInstallation,
):
    installation = new_installation()
    token = make_sources(installation, "web1")["web1"]
    acknowledged: set[tuple[str, int]] = set()
    is_over = Event()

    def send(program: int) -> None:
        feed = Feed(installation.url, token)
        second = LONG_AGO
        while not is_over.is_set():
            second += 1
            lines = [f"n,program={program} value={second} {second}000000000"]
            try:
                feed.send(lines, attempts=1)
            except Refused:
                # Nobody listens, or nobody knows what became of it: the next second is sent.
                is_over.wait(0.05)
            else:
                acknowledged.add((f"n{{program={program}}}", second))

    with ThreadPoolExecutor(PROGRAMS) as programs:
        try:
            with installation.served():
                for program in range(PROGRAMS):
                    programs.submit(send, program)
                until_more_are_in(acknowledged)
                kill(installation)
            with installation.served():
                until_more_are_in(acknowledged)
        finally:
            is_over.set()

    found = {
        (series, int(second)): (count, last)
        for series, rows in stored(installation).items()
        for second, count, *_, last in rows
    }
    assert acknowledged <= found.keys()
    # Each was sent once, so none is there twice.
    assert set(found.values()) == {(1, second) for _, second in found}


def test_numbers_that_nobody_was_told_are_stored_are_known_to_the_next_server(
    new_installation: NewInstallation,
):
    installation = new_installation()
    token = make_sources(installation, "web1")["web1"]
    batch = f"a value=1 {int(time.time())}000000000\nb value=1 {int(time.time())}000000000"
    with installation.served():
        leaves = connection_to(installation)
        leaves.request("POST", "/write", batch, {"Authorization": f"Token {token}"})
        assert becomes(lambda: any(stored(installation).values())), "nothing was stored"
        leaves.close()
        kill(installation)

    with installation.served(), closing(connection_to(installation)) as again:
        again.request("POST", "/write", batch, {"Authorization": f"Token {token}"})
        answer = again.getresponse()

    assert (answer.status, answer.headers["Idempotent-Replayed"]) == (204, "true")
    assert [[count for _, count, *_ in rows] for rows in stored(installation).values()] == [[1]] * 2


@dataclass
class Program:
    """Measures all the time, and sends again what was not answered, with what came meanwhile. For
    every third answer it does not wait."""

    name: int
    installation: Installation
    token: str
    answered: list[int]
    is_quiet: Event
    """It measures nothing more, and sends what it still has."""
    is_over: Event
    measured: int = 0
    waiting: list[str] = field(default_factory=list)

    def run(self) -> None:
        with closing(Feed(self.installation.url, self.token)) as feed:
            while self.waiting or not self.is_quiet.is_set():
                self._measure()
                if not self._send(feed, self.waiting[:1_000]) and self.is_over.wait(0.01):
                    return

    def _measure(self) -> None:
        if not self.is_quiet.is_set():
            moment = f"{LONG_AGO + self.measured // 3}{self.measured:09}"
            self.waiting.append(f"n,program={self.name} value=1 {moment}")
            self.measured += 1

    def _send(self, feed: Feed, batch: list[str]) -> bool:
        """Send a batch; returns whether that could be done."""
        try:
            if len(self.waiting) % 3 == 0 and not self.is_quiet.is_set():
                leave(self.installation, self.token, "\n".join(batch))
                return True
            feed.send(batch, attempts=1)
        except (Refused, OSError):
            return False
        del self.waiting[: len(batch)]
        self.answered.append(1)
        return True


def test_each_number_is_counted_once_when_servers_are_killed_and_programs_send_again(
    new_installation: NewInstallation,
):
    installation = new_installation()
    token = make_sources(installation, "web1")["web1"]
    answered: list[int] = []
    is_quiet, is_over = Event(), Event()
    programs = [
        Program(number, installation, token, answered, is_quiet, is_over)
        for number in range(PROGRAMS)
    ]

    with ThreadPoolExecutor(PROGRAMS) as threads:
        try:
            sending = [threads.submit(program.run) for program in programs]
            for _ in range(3):
                with installation.served():
                    until_more_are_in(answered)
                    kill(installation)
            with installation.served():
                is_quiet.set()
                for one in sending:
                    one.result(60)
        finally:
            is_over.set()

    counted = {
        series: sum(count for _, count, *_ in rows) for series, rows in stored(installation).items()
    }
    assert counted == {f"n{{program={one.name}}}": one.measured for one in programs}


LINES = [f"step {number} of a long deployment" for number in range(9_000)]


@pytest.mark.parametrize("when", ["it waits for the database", "its first lines are there"])
def test_lines_are_there_once_when_the_server_is_killed_and_they_are_sent_again(
    new_installation: NewInstallation, when: str
):
    installation = new_installation()
    token = make_sources(installation, "web1")["web1"]
    with (
        installation.served(),
        closing(sqlite3.connect(installation.var / "db.sqlite3")) as database,
        closing(connection_to(installation)) as waiting,
    ):
        if when == "it waits for the database":
            database.execute("BEGIN IMMEDIATE")
        ask(waiting, token)
        if when == "its first lines are there":
            until_there_are_lines(database)
        kill(installation)
    before = kept(installation)

    with installation.served():
        answers = [answered(installation, token) for _ in range(2)]

    assert len(before) in (0, len(LINES))
    assert [status for status, _ in answers] == [204, 204]
    assert [is_repeated for _, is_repeated in answers] == [bool(before), True]
    assert [text for *_, text in kept(installation)] == LINES


def connection_to(installation: Installation) -> HTTPConnection:
    return HTTPConnection(urlsplit(installation.url).netloc, timeout=60)


def ask(connection: HTTPConnection, token: str) -> None:
    """Send all lines in one request."""
    connection.request(
        "POST", "/api/v1/ingest/logs", "\n".join(LINES).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "text/plain",
         "Idempotency-Key": "deployment-7"},
    )  # fmt: skip


def answered(installation: Installation, token: str) -> tuple[int, bool]:
    """Send them once more; returns how that was answered, and whether they were known."""
    with closing(connection_to(installation)) as connection:
        ask(connection, token)
        answer = connection.getresponse()
        return answer.status, answer.headers["Idempotent-Replayed"] == "true"


def leave(installation: Installation, token: str, lines: str) -> None:
    """Send lines, and do not wait for an answer."""
    with closing(connection_to(installation)) as connection:
        connection.request("POST", "/write", lines, {"Authorization": f"Token {token}"})


def until_more_are_in(taken: Sized) -> None:
    enough = len(taken) + AT_LEAST
    assert becomes(lambda: len(taken) >= enough), f"only {len(taken)} were taken"


def until_there_are_lines(database: sqlite3.Connection) -> None:
    asked = "SELECT count(*) FROM dashboard_logbatch WHERE source_id IS NOT NULL"
    assert becomes(lambda: bool(database.execute(asked).fetchone()[0])), "no lines were kept"


def kill(installation: Installation) -> None:
    assert installation.process is not None
    installation.process.kill()
    installation.process.wait()
