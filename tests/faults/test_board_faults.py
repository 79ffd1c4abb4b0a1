"""Boards while workers die and the broker is away: what is shown is what is stored."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests.faults.board_page import BoardPage
from tests.faults.fleet import Fleet
from tests.scrapes import scrape_until
from tests.servers.valkey import Valkey
from tests.wire import client

pytestmark = pytest.mark.database("sqlite")

UNTIL_CALM = 8
_names = (f"boards{number}" for number in count(1))

MAKE_BOARD = """
import json
from chat.models import Room
from dashboard.boards import services
from dashboard.boards.body import Body, Panel
from dashboard.queries import Query
from realtime_project.accounts.models import User
sam, bob = User.objects.filter(username__startswith="{prefix}").order_by("pk")
sam.is_staff = True
sam.save(update_fields=["is_staff"])
by_worker = Query("process_cpu_seconds_total", fn="rate", by=("worker",))
panel = Panel("p1", "CPU", "line", 0, 0, 12, 3, queries=[by_worker])
board = services.make_board(person=sam, body=Body("CPU", [panel]))
services.share_board(
    person=sam, slug=board.slug, everybody=False, rooms=[int("{room}".partition(":")[2])]
)
print(json.dumps(board.slug))
"""
UNSHARE = """
import time
from dashboard.boards import services
from dashboard.models import Board
board = Board.objects.get(slug="{slug}")
services.share_board(person=board.owner, slug=board.slug, everybody=False, rooms=[])
print(int(time.time()))
"""


class Shared:
    """A board of Sam's, which is shared with Bob's room."""

    def __init__(self, fleet: Fleet) -> None:
        prefix = next(_names)
        [room], [_sam, self.bob] = fleet.make_rooms(prefix, people=2, rooms=1)
        script = MAKE_BOARD.format(prefix=prefix, room=room)
        self.slug = json.loads(
            fleet.manage("shell", "--verbosity=0", "-c", script).splitlines()[-1]
        )
        self.fleet = fleet

    def unshare(self) -> int:
        """Share it with nobody any more; returns since when."""
        printed = self.fleet.manage("shell", "--verbosity=0", "-c", UNSHARE.format(slug=self.slug))
        return int(printed.splitlines()[-1])


@pytest.fixture
def board(fleet: Fleet) -> Shared:
    return Shared(fleet)


def now() -> int:
    return int(time.time())


def test_a_page_whose_worker_is_killed_goes_on_at_another_without_a_gap(
    fleet: Fleet, board: Shared
):
    first, second = fleet.workers
    page, start = BoardPage(board.bob, board.slug), now()
    page.load(first.installation)
    with client(first.installation, board.bob) as socket:
        page.go_on(socket)
        page.follow(socket, first.installation, start + 4)
        first.kill()
    with client(second.installation, board.bob) as socket:
        page.go_on(socket)
        page.follow(socket, second.installation, now() + 8)

        page.is_right(second.installation, start)
        assert page.resets == 0
    first.replace()


def test_what_all_workers_measure_is_shown_while_the_broker_is_away(
    fleet: Fleet, broker: Valkey, board: Shared
):
    first = fleet.workers[0].installation
    page, start = BoardPage(board.bob, board.slug), now()
    page.load(first)
    with client(first, board.bob) as socket:
        page.go_on(socket)
        page.follow(socket, first, start + 3)
        broker.process.send_signal(signal.SIGSTOP)
        try:
            page.meanwhile(socket, first, lambda: scrape_until(first, "layer_up", 0))
            page.follow(socket, first, now() + 8)
        finally:
            broker.process.send_signal(signal.SIGCONT)
        page.meanwhile(socket, first, lambda: scrape_until(first, "layer_up", 1))
        page.follow(socket, first, now() + UNTIL_CALM)

        page.is_right(first, start)
    assert len(page.shown) >= 2


def test_who_loses_a_board_while_the_broker_is_away_hears_nothing_of_it(
    fleet: Fleet, broker: Valkey, board: Shared
):
    second = fleet.workers[1].installation
    page, start = BoardPage(board.bob, board.slug), now()
    page.load(second)
    with client(second, board.bob) as socket:
        page.go_on(socket)
        page.follow(socket, second, start + 3)
        broker.process.send_signal(signal.SIGSTOP)
        try:
            page.meanwhile(socket, second, lambda: scrape_until(second, "layer_up", 0))
            with ThreadPoolExecutor(1) as thread:
                unsharing = thread.submit(board.unshare)
                while page.hear(socket).get("event") != "left":
                    pass
                unshared = unsharing.result()
            socket.hear_for(5)
        finally:
            broker.process.send_signal(signal.SIGCONT)
        scrape_until(second, "layer_up", 1)
    told = [
        row["id"] for f in socket.frames for row in f.get("rows", ()) if row["kind"] == "second"
    ]
    assert told
    assert max(told) <= unshared
