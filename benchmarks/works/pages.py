"""Pages of a large installation: 1,000 rooms, 500 people, 200,000 messages, as `make demo` makes
them up. The owner is in half of the rooms; somebody else in a few dozen, as people are."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import Signalbox, prepared
from tests.servers.installation import MANAGE, Installation

PEOPLE, TIMES = 500, 20
PAGES = {
    "front_door": "/",
    "largest_room": "/rooms/{general}/",
    "busiest_room": "/rooms/{engineering}/",
    "permalink": "/rooms/{engineering}/@{middle}",
    "history": "/rooms/{engineering}/messages?before={middle}",
    "history_around": "/rooms/{engineering}/messages?around={middle}",
    "state_of_me": "/live/state?topic=me",
    "state_of_room": "/live/state?topic=room:{general}",
    "session": "/live/session",
    "rooms": "/rooms/",
    "rooms_found": "/rooms/?q=api",
    "admin": "/admin/",
    "admin_rooms": "/admin/chat/room/",
    "admin_room": "/admin/chat/room/{general}/change/",
    "admin_reading": "/admin/chat/room/{engineering}/read/",
    "admin_people": "/admin/accounts/user/",
}
ORDINARY = {"ordinary_room": "/rooms/{ordinary}/"}
LOOK = """
import json
from chat.models import Membership, Message, Room
from realtime_project.accounts.models import User
from tests.cast import sign_in
names = ("general", "engineering")
rooms = {name: Room.objects.filter(name=name).latest("number").pk for name in names}
said = Message.objects.filter(room=rooms["engineering"]).order_by("seq")
people = {name: User.objects.get(username=name) for name in ("ada", "jonas")}
his = Membership.objects.active().filter(person=people["jonas"], room__archived=None)
found = {
    **rooms,
    "middle": said[said.count() // 2].seq,
    "ordinary": his.exclude(room__in=rooms.values()).earliest("room").room_id,
    **{name: sign_in(person) for name, person in people.items()},
}
print(json.dumps(found))
"""


def measure(results: Results) -> None:
    for database in ("postgres", "sqlite"):
        name = f"{SIGNALBOX.name}, {database}"
        with results.unless_missing(name), prepared(1, database=database) as installation:
            seconds = _fill(installation.installation)
            results.add("pages", name, PEOPLE, filled_after_s=seconds)
            with installation.served() as server:
                _measure_pages(results, name, server)


def _fill(installation: Installation) -> float:
    began = time.perf_counter()
    subprocess.run(
        [*MANAGE, "demo", "--size", "large"],
        env=installation.environment(), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - began


def _measure_pages(results: Results, name: str, server: Signalbox) -> None:
    printed = server.installation.manage("shell", "--no-imports", "-v0", "-c", LOOK)
    found = json.loads(printed.splitlines()[-1])
    slowest = 0.0
    for session, pages in (("ada", PAGES), ("jonas", ORDINARY)):
        for page, path in pages.items():
            figures = _page(server, found[session], path.format(**found))
            slowest = max(slowest, figures["ms"])
            told = {f"{page}_{metric}": value for metric, value in figures.items()}
            results.add("pages", name, PEOPLE, **told)
    results.add("pages", name, PEOPLE, slowest_ms=slowest)


def _page(server: Signalbox, session: str, path: str) -> Mapping[str, float]:
    """How long a page takes to the last byte (median), and the server's CPU for it (mean)."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    _get(connection, session, path)  # warm
    times, before = [], _used_seconds(server.pid)
    for _ in range(TIMES):
        began = time.perf_counter()
        _get(connection, session, path)
        times.append(time.perf_counter() - began)
    used = _used_seconds(server.pid) - before
    connection.close()
    return {"ms": sorted(times)[TIMES // 2] * 1e3, "cpu_ms": used / TIMES * 1e3}


def _get(connection: HTTPConnection, session: str, path: str) -> None:
    connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (200, 302):
        raise AssertionError(f"{path}: {answer.status}")


def _used_seconds(pid: int) -> float:
    # In hundredths, but with the threads that have ended: Django takes one for each request.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
