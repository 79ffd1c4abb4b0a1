"""Every topic of the table is told to who has no WebSocket, in the same frames."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from realtime_project.routing import topics as table
from tests.one_way import Browser
from tests.servers.installation import Installation

MAKE_SAM = """
import json
from dashboard.models import IngestSource
from tests.cast import make_person, make_room, sign_in
from tests.hashing import hash_passwords_fast
hash_passwords_fast()
sam = make_person("sam", is_staff=True)
IngestSource.objects.create(slug="web1", title="web1")
print(json.dumps([make_room(sam).key, sign_in(sam)]))
"""
SAY = """
from dashboard.alerts.stirring import stir
from dashboard.models import IngestSource
from notifications.kinds import PUBLISHED
from notifications.notices import Notice
from notifications.services import announce, notify
from realtime_project.accounts.models import User
from tests.dashboard.logs.writing import keep
sam = User.objects.get(username="sam").pk
notify(Notice(sam, PUBLISHED.name, params={"title": "The backup is done.", "detail": ""}))
announce(title="The cellar is under water.")
stir()
keep("a line of ours")
keep("a line of others", source=IngestSource.objects.get())
"""
Frames = list[dict[str, Any]]


@dataclass
class Place:
    """What Sam, who runs the place, can follow."""

    installation: Installation
    session: str
    room: str

    @property
    def topics(self) -> dict[str, None]:
        names = ["me", self.room, "people", "inbox", "announcements"]
        return dict.fromkeys([*names, "board:overview", "alerts", "log", "log:web1"])

    @property
    def browser(self) -> Browser:
        return Browser(self.installation, self.session)

    def say(self, text: str) -> None:
        """Let something happen in each of them; the board measures by itself."""
        self.browser.do("message.post", self.room, client_id=text * 32, text=text)
        self.installation.manage("shell", "--verbosity=0", "-c", SAY)


@pytest.fixture(scope="module")
def place(live_server_process: Installation) -> Place:
    printed = live_server_process.manage("shell", "--verbosity=0", "-c", MAKE_SAM)
    room, session = json.loads(printed.splitlines()[-1])
    return Place(live_server_process, session, room)


def told(frames: Frames) -> set[str]:
    """Of which topics something was told, more than where they stand."""
    return {frame["topic"] for frame in frames if frame.keys() & {"rows", "state", "change"}}


def granted(frames: Frames) -> Sequence[str]:
    [answer] = [frame["ok"] for frame in frames if frame.get("re") == 0]
    return sorted(answer)


def test_these_are_all_that_there_are(place: Place):
    assert len(place.topics) == len(table)


def test_all_are_told_over_events(place: Place):
    with place.browser.stream(**place.topics).events() as events:
        events.hear(re=0)
        place.say("1")
        for _ in events:
            if told(events.frames) == set(place.topics):
                break

        assert granted(events.frames) == sorted(place.topics)
        assert told(events.frames) == set(place.topics)


def test_all_are_told_to_who_polls(place: Place):
    stream = place.browser.stream(**place.topics)
    frames = stream.poll()
    assert granted(frames) == sorted(place.topics)
    place.say("2")

    while told(frames) != set(place.topics):
        frames += stream.poll(wait=5)
