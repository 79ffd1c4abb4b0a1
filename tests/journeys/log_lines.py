"""Lines of a log, stored as a worker stores its own."""

import json

from tests.journeys.stage import run
from tests.servers.installation import Installation

WRITE = """
import json, time
from dashboard.logs.lines import Line
from dashboard.logs.storing import store
for round in range({rounds}):
    began = time.time()
    told = json.loads({lines!r}) * {times}
    store(
        [
            Line(began + number / 1e5, level, "app", "web@0", "tests.log", text)
            for number, (level, text) in enumerate(told)
        ],
        origin="web@0",
    )
    time.sleep(max(0, {pause} - (time.time() - began)))
print(json.dumps(True))
"""


SEND = """
import json, time
from chat.models import Room
from dashboard.logs.lines import Line
from dashboard.logs.storing import store
from dashboard.models import Audience, IngestSource
source, _ = IngestSource.objects.get_or_create(
    slug={slug!r}, defaults={{"title": {slug!r}, "audience": Audience.ROOMS}}
)
source.rooms.add(Room.objects.get(pk={room}))
lines = [
    Line(time.time(), level, {slug!r}, "build", "", text)
    for level, text in json.loads({lines!r})
]
store(lines, origin="build", source=source.pk)
print(json.dumps(True))
"""


def send(installation: Installation, slug: str, room: int, *lines: tuple[str, str]) -> None:
    """Store lines as a source sends them that is shown to the members of a room."""
    run(installation, SEND.format(slug=slug, room=room, lines=json.dumps(lines)))


def write(installation: Installation, *lines: tuple[str, str]) -> None:
    """Store lines, each a level and a text, the oldest first."""
    flood(installation, *lines, times=1, rounds=1, pause=0)


def flood(
    installation: Installation, *lines: tuple[str, str], times: int, rounds: int, pause: float
) -> None:
    """Store the lines so many times over, again and again, with a pause from one to the next."""
    told = json.dumps(lines)
    run(installation, WRITE.format(lines=told, times=times, rounds=rounds, pause=pause))
