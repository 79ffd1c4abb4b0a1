"""A board on open pages: what was measured arrives, once for all, and only where it may."""

import asyncio
import threading
import time
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import pytest

from chat import services as chat
from dashboard.alerts import view
from dashboard.boards import (
    access,
    budget,
    catalogue,
    following,
    panels,
    screens,
    services,
    sources,
)
from dashboard.boards import screen as screen_module
from dashboard.boards.body import Body
from dashboard.boards.protocol import LanesRow, SecondRow
from dashboard.boards.scope import Scope
from dashboard.boards.screen import Screen
from dashboard.boards.sources import Source
from dashboard.boards.spans import SLOTS
from dashboard.consumers import BoardConsumer
from dashboard.measuring import present
from dashboard.measuring.clock import Clock
from dashboard.models import Series
from dashboard.queries import Query
from dashboard.storage import window as windows
from dashboard.storage.following import keep_following
from dashboard.storage.window import Window
from realtime_project.live.database import in_database
from realtime_project.live.hub import hub
from realtime_project.live.worker import worker
from tests.dashboard.boards.boards import body, make_board, measure, now, series
from tests.sockets import Socket, connected

TEMPERATURE = Query("temperature", by=("room",), fn="last")


@pytest.fixture
async def window(people_database, monkeypatch):
    """That of this process, which follows what is measured."""
    fresh = Window()
    monkeypatch.setattr(following, "window", fresh)
    monkeypatch.setattr(following, "_followers", {})
    monkeypatch.setattr(screens, "_kept", {})
    monkeypatch.setattr(windows, "ADVANCE_SECONDS", 0.02)
    await worker.start()
    task = asyncio.ensure_future(keep_following(fresh, hub, lambda told: None))
    while not fresh.begun:  # noqa: ASYNC110 (the window knows no event)
        await asyncio.sleep(0)
    yield fresh
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class Page:
    """What a board's page knows by what it was told."""

    def __init__(self, socket: Socket, slug: str) -> None:
        self.socket = socket
        self.topic = f"board:{slug}"
        self.told: dict[str, Any] = {"order": "", "panels": {}}

    async def subscribe(self, rev: int | None = 0):
        answer = await self.socket.ask("subscribe", topics={self.topic: rev})
        self.told = answer[self.topic].get("lanes", self.told)
        return answer[self.topic]

    @property
    def frames(self):
        return [one for one in self.socket.frames if one.get("topic") == self.topic]

    def values(self, panel: str = "p1") -> dict[str, dict[int, float | None]]:
        """What the panel shows by lane and second. Values of lanes that were not named are not
        shown, though a real page would subscribe anew to be told of them."""
        rows = [row for frame in self.frames for row in frame.get("rows", ())]
        known = self.told
        shown: dict[str, dict[int, float | None]] = {}
        for row in rows:
            if row["kind"] == "lanes":
                known = row
            lanes = known["panels"].get(panel, [])
            values = row["panels"].get(panel, ()) if row["kind"] == "second" else ()
            if row["order"] == known["order"] and len(values) <= len(lanes):
                for lane, value in zip(lanes, values, strict=False):
                    shown.setdefault(lane["label"], {})[row["id"]] = value
        return shown

    async def shows(self, lane: str, value: float, panel: str = "p1"):
        await self.socket.until(
            lambda: value in self.values(panel).get(lane, {}).values() or None,
            f"{lane} never shows {value}",
        )

    @property
    def why(self) -> dict[str, str] | None:
        """Of which panels it was told that there is nothing to tell, and why."""
        rows = [row for frame in self.frames for row in frame.get("rows", ())]
        told = [row.get("blanks", {}) for row in rows if row["kind"] == "lanes"]
        return told[-1] if told else None

    async def hears_why(self, blanks: dict[str, str]):
        await self.socket.until(lambda: self.why == blanks or None, f"it never hears {blanks}")


@asynccontextmanager
async def page_of(person, slug: str):
    async with connected(person) as socket:
        yield Page(socket, slug)


async def measured(value: float, room: str = "barn", at: int | None = None):
    def store() -> None:
        measure(series("temperature", room=room), value, start=now() if at is None else at)

    await in_database(store)


def letting_in_slowly(person, monkeypatch) -> tuple[asyncio.Event, asyncio.Event]:
    """Have somebody wait after it was read what they may see; returns when it was, and what they
    wait for."""
    read, loop = access.board_for, asyncio.get_running_loop()
    was_read, goes_on = asyncio.Event(), asyncio.Event()

    def slowly(viewer, slug):
        found = read(viewer, slug)
        if viewer.pk == person.pk:
            loop.call_soon_threadsafe(was_read.set)
            asyncio.run_coroutine_threadsafe(goes_on.wait(), loop).result(60)
        return found

    monkeypatch.setattr("dashboard.consumers.board_for", slowly)
    return was_read, goes_on


async def rev() -> int:
    from dashboard.models import Measures

    return (await in_database(Measures.current)).rev


async def test_what_is_measured_arrives(window, sam):
    board = await in_database(make_board, sam, TEMPERATURE)
    async with page_of(sam, board.slug) as page:
        await page.subscribe()

        await measured(20)
        await page.shows("barn", 20)
        await measured(30, "silo")
        await page.shows("silo", 30)

        assert set(page.values()) == {"barn", "silo"}


async def test_who_comes_while_the_window_is_behind_is_told_the_lanes_all_the_same(window, sam):
    board = await in_database(make_board, sam, TEMPERATURE)
    await measured(18, at=now() - 5)
    loaded = await rev()
    async with page_of(sam, board.slug) as page:
        await page.subscribe(loaded)
        follower = following.follower_of(hub)

        # What the window tells next reaches no further than what the page has loaded.
        follower.advance(loaded, set())
        while follower._task is None or not follower._task.done():  # noqa: ASYNC110
            await asyncio.sleep(0)
        await measured(20)

        await page.shows("barn", 20)


async def test_all_viewers_get_the_same_bytes_computed_once(window, sam, monkeypatch):
    board = await in_database(make_board, sam, TEMPERATURE)
    computed = []
    compute = Screen.told

    def count(*args):
        computed.append(1)
        return compute(*args)

    monkeypatch.setattr(Screen, "told", count)
    async with page_of(sam, board.slug) as one, page_of(sam, board.slug) as other:
        for page in (one, other):
            await page.subscribe(await rev())

        await measured(20)

        for page in (one, other):
            await page.shows("barn", 20)
        assert [f for f in one.frames if "rows" in f] == [f for f in other.frames if "rows" in f]
        assert len(computed) == 1


async def test_a_second_that_becomes_known_better_comes_again(window, sam):
    board = await in_database(make_board, sam, Query("temperature", fn="sum"))
    at = now()
    async with page_of(sam, board.slug) as page:
        await page.subscribe()
        await measured(20, at=at)
        await page.shows("temperature", 20)

        await measured(30, "silo", at=at)

        await page.shows("temperature", 50)
        assert page.values()["temperature"] == {at: 50}


async def test_who_comes_later_goes_on_from_the_page_without_a_gap(window, sam):
    board = await in_database(make_board, sam, TEMPERATURE)
    at = now() - 5
    await measured(18, at=at)
    loaded = await rev()
    await measured(19, at=at + 1)
    async with page_of(sam, board.slug) as page:
        await page.subscribe(loaded)
        await measured(20, at=at + 2)

        await page.shows("barn", 20)

        assert page.values()["barn"] == {at + 1: 19, at + 2: 20}
        assert not any(frame.get("reset") for frame in page.frames)


async def test_who_was_away_for_long_loads_the_board_again(window, sam):
    board = await in_database(make_board, sam, TEMPERATURE)
    for second in range(screens.MAX_SECONDS + 1):
        await measured(second, at=now() - 100 + second)
    async with page_of(sam, board.slug) as page:
        await page.subscribe(0)

        assert (await page.socket.hears(topic=page.topic))["reset"] is True


async def test_what_was_measured_long_ago_is_told_whole(window, sam):
    board = await in_database(make_board, sam, Query("temperature", fn="sum"))
    at = now() - following.RECENT_SECONDS - 100
    await measured(20, at=at)
    async with page_of(sam, board.slug) as page:
        await page.subscribe(await rev())
        window.begin(window.rev, [])
        window.begun -= 1

        await measured(30, "silo", at=at)

        await page.shows("temperature", 50)


async def test_where_the_window_was_filled_anew_the_page_loads_again(window, sam):
    board = await in_database(make_board, sam, TEMPERATURE)
    async with page_of(sam, board.slug) as page:
        await page.subscribe(await rev())
        await measured(20)
        await page.shows("barn", 20)

        window.begin(window.rev, [])
        await measured(30)

        assert (await page.socket.hears(topic=page.topic, reset=True))["rev"] >= 2


async def test_after_a_backup_was_restored_series_are_known_by_their_new_numbers(
    window, sam, monkeypatch
):
    def shown() -> list[tuple[str, int]]:
        known, rules = catalogue.catalogue, view.catalogue
        known.refresh()
        rules.refresh()
        series = known.select([Query("*")], Scope(own=True, sources={})).values()
        assert [one.pk for one in rules.of(Query("*"))] == [one.pk for one in series]
        return [(one.name, one.pk) for one in series]

    def restore(number: int) -> None:
        Series.objects.filter(pk=number).update(name="gold")

    number = await in_database(series, "temperature")
    assert await in_database(shown) == [("temperature", number)]
    await in_database(restore, number)
    begun = window.begun
    hub.begin_anew()
    async with asyncio.timeout(60):
        while window.begun == begun:  # noqa: ASYNC110 (the window knows no event)
            await asyncio.sleep(0.01)

    assert await in_database(shown) == [("gold", number)]


async def test_a_board_that_was_changed_is_loaded_again(window, sam):
    board = await in_database(make_board, sam, TEMPERATURE)
    async with page_of(sam, board.slug) as page:
        await page.subscribe()
        await measured(20)
        await page.shows("barn", 20)

        await in_database(
            services.change_board,
            person=sam,
            slug=board.slug,
            body=body(Query("temperature", fn="max")),
        )
        await measured(30)

        await page.socket.hears(topic=page.topic, reset=True)
        assert 30 not in page.values()["barn"].values()


def make_two_panels(sam):
    """One of barns and one of gold."""
    two = [
        msgspec.structs.replace(body(query).panels[0], id=name)
        for name, query in (("p1", TEMPERATURE), ("p2", Query("gold", fn="last", by=("*",))))
    ]
    return services.make_board(person=sam, body=Body("Two", two))


async def gold(value: float, *bars: str):
    def store() -> None:
        numbers = [series("gold", bar=bar) for bar in bars]
        for number in numbers:
            measure(number, value, start=now())

    await in_database(store)


@asynccontextmanager
async def time_that_goes_on():
    """Something is measured all the time."""

    async def measure_on() -> None:
        while True:
            await in_database(lambda: measure(series("time"), 1, start=now()))
            await asyncio.sleep(0.1)

    going_on = asyncio.ensure_future(measure_on())
    try:
        yield
    finally:
        going_on.cancel()
        with suppress(asyncio.CancelledError):
            await going_on


async def test_a_panel_that_cannot_be_computed_says_so_and_the_others_go_on(
    window, sam, monkeypatch, caplog
):
    monkeypatch.setattr(following, "RENEW_SECONDS", 0.2)
    board = await in_database(make_two_panels, sam)
    compute, is_broken = panels.shown_of, [True]

    def broken(panel, *args):
        if panel.id == "p2" and is_broken:
            raise ArithmeticError("by a bug")
        return compute(panel, *args)

    async with page_of(sam, board.slug) as page, page_of(sam, board.slug) as later:
        await page.subscribe(await rev())
        await measured(20)
        await gold(1, "first")
        await page.shows("barn", 20)
        await page.shows("first", 1, "p2")

        for module in (panels, screen_module):
            monkeypatch.setattr(module, "shown_of", broken)
        await gold(2, "first")
        await page.hears_why({"p2": "failed"})
        await measured(21)
        await page.shows("barn", 21)
        assert not any(frame.get("reset") for frame in page.frames)
        assert (await later.subscribe(await rev()))["lanes"]["blanks"] == {"p2": "failed"}
        told = [record for record in caplog.records if record.exc_info]
        assert len(told) == 1, "it is written down once"

        is_broken.clear()
        async with time_that_goes_on():
            await page.socket.hears(topic=page.topic, reset=True)
        await gold(3, "first")
        await page.shows("first", 3, "p2")
        await page.hears_why({})


async def test_a_panel_that_becomes_too_much_is_alone_with_that(window, sam, monkeypatch):
    monkeypatch.setattr(following, "RENEW_SECONDS", 0.2)
    monkeypatch.setattr(budget, "MOST_OF_A_PANEL", 2 * SLOTS)
    board = await in_database(make_two_panels, sam)
    async with page_of(sam, board.slug) as page:
        await page.subscribe(await rev())
        await measured(20)
        await gold(1, "first", "second")
        await page.shows("second", 1, "p2")

        await gold(2, "first", "second", "third")
        await page.hears_why({"p2": "too_much"})
        await measured(21)
        await page.shows("barn", 21)
        assert not any(frame.get("reset") for frame in page.frames)

        await in_database(Series.objects.filter(labels={"bar": "third"}).delete)
        async with time_that_goes_on():
            await page.socket.hears(topic=page.topic, reset=True)
        await gold(3, "first", "second")
        await page.shows("second", 3, "p2")


async def test_nothing_is_computed_while_nobody_looks(window, sam, monkeypatch):
    board = await in_database(make_board, sam, TEMPERATURE)
    async with page_of(sam, board.slug) as page:
        await page.subscribe()
        await measured(20)
        await page.shows("barn", 20)
    follower = following.follower_of(hub)
    assert follower._watched
    await measured(21)
    async with asyncio.timeout(60):
        while follower._watched:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert screens.kept(board.slug) is None

    monkeypatch.setattr(following.Follower, "_tell", None)
    follower.advance(window.rev, {(1, now())})

    assert follower._task is None or follower._task.done()


async def test_who_is_let_in_while_a_board_changes_loads_it_again_too(
    window, sam, alice, releases, monkeypatch
):
    board = await in_database(make_board, sam, TEMPERATURE)
    share = {"person": sam, "slug": board.slug, "everybody": False}
    await in_database(services.share_board, **share, rooms=[releases.pk])
    was_read, goes_on = letting_in_slowly(alice, monkeypatch)
    async with page_of(sam, board.slug) as his, page_of(alice, board.slug) as hers:
        await his.subscribe(await rev())
        await measured(10)
        await his.shows("barn", 10)
        asking = asyncio.ensure_future(hers.subscribe(await rev()))
        await was_read.wait()
        changed = body(Query("temperature", fn="max"))
        await in_database(services.change_board, person=sam, slug=board.slug, body=changed)
        await measured(20)
        await his.socket.hears(topic=his.topic, reset=True)
        goes_on.set()
        await asking

        await measured(30)

        await hers.socket.hears(topic=hers.topic, reset=True)


async def test_a_board_that_takes_for_ever_holds_up_no_other_and_not_itself(
    window, sam, monkeypatch
):
    slow, quick = [await in_database(make_board, sam, TEMPERATURE) for _ in range(2)]
    read, hangs, ends = access.standing_of, [True], threading.Event()

    def hang(slug, people):
        if slug == slow.slug and hangs:
            hangs.clear()
            ends.wait(300)
        return read(slug, people)

    async def advance():
        while True:
            following.follower_of(hub).advance(window.rev, set())
            await asyncio.sleep(0.1)

    monkeypatch.setattr(following, "standing_of", hang)
    monkeypatch.setattr(following, "PATIENCE_SECONDS", 3.0)
    async with page_of(sam, slow.slug) as waiting, page_of(sam, quick.slug) as page:
        for one in (waiting, page):
            await one.subscribe(await rev())
        await measured(20)
        # Time goes on, as it does where something is measured every second.
        going_on = asyncio.ensure_future(advance())
        try:
            for one in (page, waiting):
                await one.shows("barn", 20)
        finally:
            ends.set()
            going_on.cancel()
    assert not hangs


@pytest.mark.parametrize("off", [-3600, 3600])
async def test_seconds_are_those_of_the_database_whatever_the_machine_says(
    window, sam, browser_of, monkeypatch, off
):
    clock = Clock()
    clock.learn(time.time() + off, time.monotonic())
    monkeypatch.setattr(present, "clock", clock)
    board = await in_database(make_board, sam, TEMPERATURE)
    async with page_of(sam, board.slug) as page:
        await page.subscribe()

        await measured(20, at=now() + off)

        await page.shows("barn", 20)

    def shown():
        answer = browser_of(sam).get(f"/boards/{board.slug}/data").json()
        [lane] = answer["panels"]["p1"]["lanes"]
        return lane["values"]

    assert 20 in await in_database(shown)


class TestWhoMaySee:
    async def test_strangers_hear_that_there_is_nothing(self, window, alice, mallory):
        board = await in_database(make_board, alice, TEMPERATURE)
        async with page_of(mallory, board.slug) as page, page_of(mallory, "nothing") as nowhere:
            assert (await page.subscribe())["error"] == (await nowhere.subscribe())["error"]
        async with page_of(mallory, "overview") as page:
            assert (await page.subscribe())["error"]["code"] == "not_found"

    @pytest.mark.parametrize("how", ["unshared", "left", "deleted", "deactivated"])
    async def test_who_loses_a_board_hears_nothing_of_it_any_more(
        self, window, sam, alice, bob, releases, how
    ):
        board = await in_database(make_board, sam, TEMPERATURE)
        share = {"person": sam, "slug": board.slug, "everybody": False}
        await in_database(services.share_board, **share, rooms=[releases.pk])
        async with page_of(bob, board.slug) as his, page_of(alice, board.slug) as hers:
            for page in (his, hers):
                assert "error" not in await page.subscribe(await rev())
            await measured(20)
            for page in (his, hers):
                await page.shows("barn", 20)

            match how:
                case "unshared":
                    await in_database(services.share_board, **share, rooms=[])
                case "left":
                    await in_database(chat.leave_room, person=bob.pk, room=releases.pk)
                case "deleted":
                    await in_database(services.delete_board, person=sam, slug=board.slug)
                case "deactivated":
                    await in_database(type(bob).objects.filter(pk=bob.pk).update, is_active=False)
            await measured(98)

            left = await his.socket.hears(topic=his.topic, event="left")
            assert left["data"] == {"code": "removed"}
            if how in ("left", "deactivated"):
                await hers.shows("barn", 98)
            await measured(99)
            await his.socket.settle()
            assert not {98, 99} & set(his.values()["barn"].values())

    async def test_a_board_shows_no_more_than_its_owner_may_see(
        self, window, sam, bob, releases, monkeypatch
    ):
        monkeypatch.setattr(
            sources, "_provider", lambda: [Source(1, "farm", "F", rooms=frozenset({releases.pk}))]
        )
        board = await in_database(make_board, bob, Query("*", source="*"))

        def store(value: float) -> None:
            measure(series("gold", 1), value, start=now())

        async with page_of(sam, board.slug) as page:
            await page.subscribe(await rev())
            await in_database(store, 1)
            await page.shows("*", 1)

            await in_database(chat.leave_room, person=bob.pk, room=releases.pk)
            await in_database(store, 2)

            await page.socket.hears(topic=page.topic, reset=True)
            assert 2 not in page.values()["*"].values()

    async def test_nor_does_what_is_asked_for_beside_it(
        self, window, sam, bob, releases, monkeypatch
    ):
        monkeypatch.setattr(
            sources, "_provider", lambda: [Source(1, "farm", "F", rooms=frozenset({releases.pk}))]
        )
        board = await in_database(make_board, bob, Query("*", source="*", by=("source",)))
        async with page_of(sam, board.slug) as page, page_of(sam, board.slug) as later:
            await page.subscribe(await rev())
            await in_database(lambda: measure(series("gold", 1), 1, start=now()))
            await page.shows("farm", 1)

            await in_database(chat.leave_room, person=bob.pk, room=releases.pk)

            state = await in_database(BoardConsumer.state, sam.pk, {"slug": board.slug})
            [lanes] = state.rows
            assert isinstance(lanes, LanesRow)
            assert lanes.panels == {"p1": []}
            assert "lanes" not in await later.subscribe(await rev())

    async def test_who_loses_a_board_while_it_is_computed_hears_nothing_of_it(
        self, window, sam, bob, releases, monkeypatch
    ):
        board = await in_database(make_board, sam, TEMPERATURE)
        share = {"person": sam, "slug": board.slug, "everybody": False}
        await in_database(services.share_board, **share, rooms=[releases.pk])
        compute, loop = Screen.told, asyncio.get_running_loop()
        is_computing, goes_on = asyncio.Event(), threading.Event()

        def slowly(*args):
            loop.call_soon_threadsafe(is_computing.set)
            goes_on.wait(60)
            return compute(*args)

        async with page_of(bob, board.slug) as page:
            await page.subscribe(await rev())
            monkeypatch.setattr(Screen, "told", slowly)
            await measured(98)
            await is_computing.wait()
            await in_database(services.share_board, **share, rooms=[])
            goes_on.set()

            await page.socket.hears(topic=page.topic, event="left")
            assert not page.values()

    async def test_who_is_being_let_in_meanwhile_hears_nothing_either(
        self, window, sam, alice, releases, monkeypatch
    ):
        board = await in_database(make_board, sam, TEMPERATURE)
        share = {"person": sam, "slug": board.slug, "everybody": False}
        await in_database(services.share_board, **share, rooms=[releases.pk])
        was_read, goes_on = letting_in_slowly(alice, monkeypatch)
        async with page_of(sam, board.slug) as his, page_of(alice, board.slug) as hers:
            await his.subscribe(await rev())
            asking = asyncio.ensure_future(hers.subscribe(await rev()))
            await was_read.wait()
            await in_database(services.share_board, **share, rooms=[])
            await measured(98)
            await his.shows("barn", 98)
            goes_on.set()
            await asking

            await measured(99)
            await his.shows("barn", 99)
            await hers.socket.settle()

            assert "barn" not in hers.values()
            assert not hers.values()


async def test_the_state_is_the_last_minute(window, sam):
    board = await in_database(make_board, sam, TEMPERATURE)
    await measured(20, at=now() - 5)

    state = await in_database(BoardConsumer.state, sam.pk, {"slug": board.slug})

    [lanes, second] = state.rows
    assert isinstance(lanes, LanesRow)
    assert isinstance(second, SecondRow)
    assert [lane.label for lane in lanes.panels["p1"]] == ["barn"]
    assert second.panels == {"p1": [20]}
    assert screens.kept(board.slug) is None, "it is kept for nobody"


async def test_the_answer_to_subscribing_names_the_lanes_that_are_known(window, sam):
    board = await in_database(make_board, sam, TEMPERATURE)
    async with page_of(sam, board.slug) as first, page_of(sam, board.slug) as second:
        await first.subscribe()
        await measured(20)
        await first.shows("barn", 20)

        answer = await second.subscribe(await rev())

    assert answer["version"] == 1
    [lane] = answer["lanes"]["panels"]["p1"]
    assert (lane["label"], lane["labels"]) == ("barn", {"room": "barn"})
