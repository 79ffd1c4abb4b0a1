"""Workers go and come while people talk, and nobody is to notice."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from tests.asking import call, get, status_on
from tests.servers.cluster import STOP_SECONDS, Cluster
from tests.servers.process import becomes
from tests.wire import Client, client, make_people

READERS = 6
# A little slower than one person may post for long, and half of what one address may ask for.
POST_SECONDS = 0.25
VISIT_SECONDS = 0.04
LAST = "<p>the end</p>"
FORM = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"


@dataclass
class Person(threading.Thread):
    """Stays in a room through every goodbye, as a page does: dials again, from where it was."""

    cluster: Cluster
    room: str
    session: str
    codes: list[int] = field(default_factory=list)
    heard: list[tuple[int, str]] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    cursor: int | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        try:
            while not self.is_done():
                with client(self.cluster.installation, self.session) as one:
                    self.stay(one)
        except Exception as fault:  # noqa: BLE001 (the test looks at it)
            self.faults.append(fault)

    def is_done(self) -> bool:
        return bool(self.heard) and self.heard[-1][1] == LAST

    def stay(self, one: Client) -> None:
        try:
            answer = one.subscribe(self.room, self.cursor)
            if self.cursor is None:
                self.cursor = answer["ok"][self.room]["rev"]
            while not self.is_done():
                for frame in one.frames:
                    self.take(frame)
                one.frames.clear()
                one.hear(lambda frame: frame.get("topic") == self.room)
                self.take(one.frames.pop())
        except ConnectionClosed as closed:
            for frame in one.frames:
                self.take(frame)
            self.codes.append(closed.rcvd.code if closed.rcvd else 1006)

    def take(self, frame: dict[str, object]) -> None:
        if frame.get("topic") != self.room or "rows" not in frame:
            return
        for row in frame["rows"]:  # type: ignore[attr-defined]
            if row["kind"] == "message" and row["rev"] > (self.cursor or 0):
                self.heard.append((row["seq"], row["html"]))
        self.cursor = frame["rev"]  # type: ignore[assignment]


class Author:
    """Posts without a pause; what was not acknowledged is sent again under its id."""

    def __init__(self, cluster: Cluster, room: str, session: str) -> None:
        self.cluster, self.room, self.session = cluster, room, session
        self.codes: list[int] = []
        self.posted = 0
        self._stack = ExitStack()
        self._dial()

    def post_next(self) -> None:
        self.post(f"message {self.posted}")

    def post(self, text: str) -> None:
        args = {"client_id": str(uuid4()), "text": text}
        while True:
            try:
                answer = self.one.ask(do="message.post", topic=self.room, args=args)
            except ConnectionClosed as closed:
                self.codes.append(closed.rcvd.code if closed.rcvd else 1006)
                self._dial()
            else:
                assert "ok" in answer, answer
                self.posted += 1
                return

    def _dial(self) -> None:
        self._stack.close()
        self.one = self._stack.enter_context(client(self.cluster.installation, self.session))
        self.one.subscribe(self.room)

    def close(self) -> None:
        self._stack.close()


@contextmanager
def meanwhile(pause_seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Do something again and again in a thread."""
    done = threading.Event()
    faults: list[Exception] = []

    def repeat() -> None:
        try:
            while not done.wait(pause_seconds):
                act()
        except Exception as fault:  # noqa: BLE001 (the test looks at it)
            faults.append(fault)

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    yield
    done.set()
    thread.join()
    assert faults == []


@pytest.fixture(autouse=True)
def complete(cluster: Cluster) -> Iterator[None]:
    """After each test there are three workers again."""
    yield
    for worker in cluster.workers:
        if worker.status("/readyz") != 200:
            worker.restart()


def test_a_new_release_is_gone_over_to_while_people_talk(cluster: Cluster):
    names = [f"reader{number}" for number in range(READERS)]
    room, [session, *sessions] = make_people(cluster.installation, "author", *names)
    people = [Person(cluster, room, one) for one in sessions]
    author = Author(cluster, room, session)
    for person in people:
        person.start()
    assert becomes(lambda: all(person.cursor is not None for person in people))
    before = [worker.process.pid for worker in cluster.workers if worker.process]

    statuses: list[int] = []

    def visit() -> None:
        statuses.append(get(cluster.installation.port, "/accounts/login/").status)

    with meanwhile(VISIT_SECONDS, visit), meanwhile(POST_SECONDS, author.post_next):
        cluster.upgrade()
    author.post("the end")
    author.close()
    for person in people:
        person.join(90)

    assert not set(before) & {worker.process.pid for worker in cluster.workers if worker.process}
    said = [*(f"<p>message {number}</p>" for number in range(author.posted - 1)), LAST]
    for person in people:
        assert person.faults == []
        assert [text for _, text in person.heard] == said
        assert set(person.codes) == {4000}
    assert set(author.codes) == {4000}
    assert set(statuses) == {200}


def test_nobody_new_is_sent_to_a_worker_that_goes(cluster: Cluster):
    _room, [alice, bob] = make_people(cluster.installation, "alice.b", "bob.b")
    first = cluster.workers[0]
    with ExitStack() as stack:
        staying = [stack.enter_context(client(cluster.installation, alice)) for _ in range(12)]
        first.leave()
        assert becomes(lambda: first.status("/readyz") != 200)

        newcomers = [stack.enter_context(client(cluster.installation, bob)) for _ in range(6)]

        assert first.process is not None
        first.process.wait(STOP_SECONDS)
        codes = [one.close_code() for one in staying if not is_served(one)]
        assert codes == [4000] * 4
        assert all(is_served(one) for one in newcomers)


def is_served(one: Client) -> bool:
    """Whether somebody answers here still."""
    try:
        return bool(one.ask(do="unsubscribe", topics=["nothing"]))
    except ConnectionClosed:
        return False


def test_a_worker_that_was_killed_is_passed_by_and_can_be_started_again(cluster: Cluster):
    first = cluster.workers[0]
    assert first.process is not None
    first.process.kill()
    first.process.wait()
    assert first.socket.exists()

    assert {get(cluster.installation.port, "/accounts/login/").status for _ in range(12)} == {200}

    first.start()
    first.await_readiness()


def test_a_form_that_is_on_its_way_is_answered_before_the_worker_ends(cluster: Cluster):
    first = cluster.workers[0]
    with call(first.socket) as sender:
        sender.sendall(FORM)
        first.leave()
        assert becomes(lambda: not first.socket.exists())

        sender.sendall(b"username=a")

        assert status_on(sender) == 403  # for want of a token: it was read and answered


def test_who_had_reached_a_worker_that_goes_is_still_served(cluster: Cluster):
    first = cluster.workers[0]
    assert first.process is not None
    with ExitStack() as stack:
        # Stopped, it cannot accept them: they wait in the kernel.
        first.process.send_signal(signal.SIGSTOP)
        callers = [stack.enter_context(call(first.socket)) for _ in range(20)]
        for one in callers:
            one.sendall(FORM + b"username=a")
        first.leave()
        first.process.send_signal(signal.SIGCONT)

        assert [status_on(one) for one in callers] == [403] * 20
