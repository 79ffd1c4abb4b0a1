"""Notifications survive the processes that carry them: none is lost, none is told twice."""

import itertools
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from tests.conftest import NewInstallation
from tests.faults.fleet import Fleet, Worker
from tests.faults.inbox import TOLD, JobsProcess, following, mention, shell
from tests.faults.scale import Scale
from tests.faults.test_jobs_process import jobs_process_of
from tests.servers.installation import Installation
from tests.wire import client, make_people

AT_ONCE = 150


@pytest.fixture
def served(new_installation: NewInstallation) -> Iterator[Installation]:
    with new_installation().served() as installation:
        yield installation


@pytest.fixture
def kills(scale: Scale) -> int:
    return 20 if scale.people > 10 else 3


class Bob:
    """What Bob's page has heard of his inbox, on one socket after the other."""

    def __init__(self, installation: Installation, session: str) -> None:
        self._installation = installation
        self._session = session
        self._frames: list[dict[str, Any]] = []

    @contextmanager
    def here(self) -> Iterator[None]:
        """Have the page open, from where it was closed on."""
        with client(self._installation, self._session) as self._client:
            cursor = max((frame["rev"] for frame in self._frames), default=0)
            self._client.ask(do="subscribe", topics={"inbox": cursor})
            self._frames += [one for one in self._client.frames if one.get("topic") == "inbox"]
            yield

    def hears_more(self) -> None:
        self._frames.append(self._client.hear(lambda frame: frame.get("topic") == "inbox"))

    def hears_all(self, count: int) -> None:
        while len(self.messages) < count:
            self.hears_more()

    @property
    def messages(self) -> list[int]:
        """What he was told of, in the order in which he saw it first."""
        told = {row["id"]: row["message"] for row in self._rows("notification")}
        return list(told.values())

    @property
    def badge(self) -> int:
        unread: int = self._rows("inbox")[-1]["unread"]
        return unread

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        rows = [row for frame in self._frames for row in frame["rows"]]
        return [row for row in rows if row["kind"] == kind]


@pytest.mark.database("sqlite")
def test_an_inbox_loses_and_doubles_nothing_while_everything_is_cut_and_killed(
    fleet: Fleet, scale: Scale
):
    with (
        JobsProcess(fleet).here() as jobs,
        following(fleet) as bob,
        bob.is_mentioned(scale.notifications) as alice,
    ):
        victims: list[JobsProcess | Worker] = [jobs, *fleet.workers]
        for victim in itertools.cycle(victims):
            with suppress(subprocess.TimeoutExpired):
                alice.wait(scale.kill_every)
            if alice.poll() is not None:
                break
            victim.kill()
            victim.replace()
        bob.was_told_everything(scale.notifications, scale.patience)
    print(f"lost connections: {[one.losses for one in bob.followers]}")  # noqa: T201 (figures of a long run)


def test_a_jobs_process_that_is_killed_at_work_loses_and_doubles_nothing(
    served: Installation, kills: int
):
    room, [_alice, bob] = make_people(served, "alice", "bob")
    his = Bob(served, bob)
    said: list[int] = []
    for _ in range(kills):
        said += shell(served, mention(room, AT_ONCE, at_once=AT_ONCE, per_second=1000))
        with his.here(), served.doing_jobs() as process:
            # It has begun, and has more than it tells at once.
            his.hears_more()
            process.kill()
            process.wait()
    with his.here(), served.doing_jobs():
        his.hears_all(len(said))

    assert his.messages == said
    assert his.badge == len(said)
    assert shell(served, TOLD) == [said, len(said), 0]


def test_a_server_alone_tells_promptly_and_after_its_jobs_process_was_killed(
    new_installation: NewInstallation,
):
    with new_installation().served(jobs=True) as installation:
        room, [alice, bob] = make_people(installation, "alice", "bob")
        first = jobs_process_of(installation)
        his = Bob(installation, bob)
        with client(installation, alice) as hers, his.here():
            hers.subscribe(room)

            posted = [hers.post(room, "@bob, before")["ok"]["id"]]
            his.hears_all(1)
            os.kill(first, signal.SIGKILL)
            posted.append(hers.post(room, "@bob, meanwhile")["ok"]["id"])
            his.hears_all(2)

            assert his.messages == posted
            assert his.badge == 2
