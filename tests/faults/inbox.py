"""Somebody's inbox on a fleet that is being broken, followed over each transport meanwhile."""

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.faults.fleet import Fleet, Service
from tests.faults.followers import FOLLOWERS, Follower
from tests.servers.installation import Installation
from tests.wire import make_people

TOLD = """
import json
from notifications.counting import standing
from notifications.models import Happening, Notification
from realtime_project.accounts.models import User
bob = User.objects.get(username="bob").pk
his = Notification.objects.filter(inbox=bob).order_by("seq", "pk")
left = Happening.objects.count()
print(json.dumps([list(his.values_list("message", flat=True)), standing([bob])[bob].unread, left]))
"""
"""What the database holds: of which messages Bob was told, how many of that are unread, and how
much is still to be told."""
MENTION = """
import json, time
from uuid import uuid4
from chat.models import Room
from chat.services import Post, post_messages
from realtime_project.accounts.models import User
alice, said, begun = User.objects.get(username="alice"), [], time.monotonic()
while len(said) < {count}:
    posts = [Post(alice.pk, uuid4(), "@bob, look") for _ in range({at_once})]
    said += [one.pk for one in post_messages(room={room}, posts=posts)]
    time.sleep(max(0, begun + len(said) / {per_second} - time.monotonic()))
print(json.dumps(said))
"""
"""Alice mentions Bob; prints the messages."""
AT_ONCE, PER_SECOND = 10, 120


@contextmanager
def following(fleet: Fleet) -> "Iterator[Following]":
    """Bob's inbox is open on a fleet; he and Alice are new there."""
    room, [_alice, bob] = make_people(fleet.workers[0].installation, "alice", "bob")
    with ExitStack() as stack:
        followers = [stack.enter_context(one(fleet, bob).here()) for one in FOLLOWERS]
        yield Following(fleet, room, followers)


class Following:
    """Bob's inbox, followed over each transport, while Alice mentions him."""

    def __init__(self, fleet: Fleet, room: str, followers: Sequence[Follower]) -> None:
        self.fleet = fleet
        self.followers = followers
        self._room = room

    @contextmanager
    def is_mentioned(self, count: int) -> "Iterator[subprocess.Popen[bytes]]":
        """Alice goes on mentioning Bob, so often in all; it ends with the last one."""
        script = mention(self._room, count, at_once=AT_ONCE, per_second=PER_SECOND)
        installation = self.fleet.workers[0].installation
        with installation.starting("shell", "--verbosity=0", "-c", script) as process:
            yield process
            printed, _ = process.communicate()
            assert process.returncode == 0
            assert len(json.loads(printed.splitlines()[-1])) == count

    def was_mentioned(self, count: int) -> None:
        """Alice mentions Bob so often."""
        with self.is_mentioned(count):
            pass

    def was_told_everything(self, count: int, patience: float) -> float:
        """Wait until all have everything; each has it once and in order. Returns how long that
        took, in seconds."""
        began = time.monotonic()
        while missing := [one for one in self.followers if len(one.reading.drawn) < count]:
            told = [(type(one).__name__, len(one.reading.drawn), one.refusals) for one in missing]
            assert time.monotonic() - began < patience, f"of {count} they have {told}"
            time.sleep(0.05)
        took = time.monotonic() - began
        messages, unread, waiting = shell(self.fleet.workers[0].installation, TOLD)
        assert (len(messages), unread, waiting) == (count, count, 0)
        for one in self.followers:
            assert one.reading.faults == []
            assert one.reading.badge == count
            assert one.reading.messages == messages
        return took


class JobsProcess(Service["subprocess.Popen[bytes]"]):
    """What tells a fleet's people of what happened."""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__(fleet.workers[0].installation.doing_jobs)

    @contextmanager
    def here(self) -> "Iterator[JobsProcess]":
        self._process = self.start()
        yield self
        self.end()

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def replace(self) -> None:
        self.end()
        self._process = self.start()


def mention(room: str, count: int, *, at_once: int, per_second: float) -> str:
    """Return a script in which Alice mentions Bob so often in a room, given by its topic."""
    number = room.partition(":")[2]
    return MENTION.format(room=number, count=count, at_once=at_once, per_second=per_second)


def shell(installation: Installation, script: str) -> Any:
    printed = installation.manage("shell", "--verbosity=0", "-c", script)
    return json.loads(printed.splitlines()[-1])
