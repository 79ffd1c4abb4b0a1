"""Alice's inbox on her pages: rows, badges, commands, and coming back."""

from datetime import timedelta

import pytest
from django.test import AsyncClient
from django.utils import timezone

from notifications import badges, queries, services
from notifications.protocol import Counts
from realtime_project.live.database import in_database
from tests.notifications.reading import poke
from tests.sockets import Socket, connected


def badge_of(socket: Socket) -> tuple[int, int] | None:
    """What a page's badges show: it assigns what it heard last, of the newest revs."""
    told = [(row["rev"], row["announcements_rev"], row) for row in socket.rows("inbox")]
    events = [frame["data"] for frame in socket.frames if frame.get("event") == "counts"]
    told += [(one["inbox_rev"], one["announcements_rev"], one) for one in events]
    if not told:
        return None
    *_revs, newest = max(told, key=lambda one: one[:2])
    return newest["unseen"], newest["unread"]


async def shows(socket: Socket, unseen: int, unread: int) -> None:
    await socket.until(
        lambda: badge_of(socket) == (unseen, unread) or None, f"not {unseen} and {unread}"
    )


async def test_subscribing_is_answered_with_the_counts(alice, bob):
    await in_database(services.notify, poke(alice, actor=bob.pk))
    await in_database(services.announce, title="Lunch")
    async with connected(alice) as hers:
        answer = await hers.subscribe(inbox=None, announcements=None)

    assert answer["inbox"] == {
        "rev": 1,
        "counts": {"unseen": 2, "unread": 2, "inbox_rev": 1, "announcements_rev": 1},
    }
    assert answer["announcements"] == {"rev": 1}


async def test_a_person_who_is_new_has_an_inbox(mallory):
    async with connected(mallory) as theirs:
        answer = await theirs.subscribe(inbox=None)

    assert answer["inbox"]["counts"]["unread"] == 0


async def test_what_concerns_alice_arrives_on_all_her_pages_with_the_badges(alice, bob):
    async with connected(alice) as tab, connected(alice) as phone, connected(bob) as his:
        for socket in (tab, phone, his):
            await socket.subscribe(inbox=0)

        await in_database(services.notify, poke(alice, actor=bob.pk))

        for socket in (tab, phone):
            await shows(socket, 1, 1)
            [row] = socket.rows("notification")
            assert row["text"]["en"] == "Bob poked you 1 times"
        await his.settle()
        assert his.rows("notification") == []


async def test_what_she_does_on_one_page_shows_on_the_other(alice):
    [told, other] = await in_database(services.notify, poke(alice, key="1"), poke(alice, key="2"))
    async with connected(alice) as tab, connected(alice) as phone:
        for socket in (tab, phone):
            await socket.subscribe(inbox=0)

        assert await tab.ask("inbox.read", "inbox", notifications=[told.pk]) == {"rev": 2}
        await shows(phone, 1, 1)
        await tab.ask("inbox.unread", "inbox", notifications=[told.pk])
        await shows(phone, 2, 2)
        await tab.ask("inbox.archive", "inbox", notifications=[told.pk])
        await shows(phone, 1, 1)
        await tab.ask("inbox.restore", "inbox", notifications=[told.pk])
        await shows(phone, 2, 2)
        until = (timezone.now() + timedelta(hours=1)).isoformat()
        await tab.ask("inbox.snooze", "inbox", notifications=[told.pk], until=until)
        await shows(phone, 1, 1)
        await tab.ask("inbox.delete", "inbox", notifications=[other.pk])
        await shows(phone, 0, 0)

        places = {row["id"]: row["place"] for row in phone.rows("notification")}
        assert places == {told.pk: "snoozed", other.pk: "gone"}


async def test_seen_and_read_all_go_as_far_as_the_page_knows(alice):
    await in_database(services.notify, poke(alice))
    async with connected(alice) as hers:
        await hers.subscribe(inbox=0)
        await in_database(services.notify, poke(alice))

        await hers.ask("inbox.seen", "inbox", until=1)
        await shows(hers, 1, 2)
        await hers.ask("inbox.read_all", "inbox", until=1)
        await shows(hers, 1, 1)


async def test_an_announcement_reaches_every_page_and_every_badge(alice, bob, mallory):
    async with connected(alice) as hers, connected(bob) as his, connected(mallory) as theirs:
        for socket in (hers, his, theirs):
            await socket.subscribe(inbox=0, announcements=0)

        await in_database(services.announce, title="Lunch", author=alice.pk)

        for socket in (hers, his, theirs):
            await shows(socket, 1, 1)
            [row] = socket.rows("announcement")
            assert (row["title"], row["author"]["name"]) == ("Lunch", "Alice")
        await hers.ask("inbox.read", "inbox", announcements=[row["id"]])
        await shows(hers, 0, 0)
        [mark] = hers.rows("mark")
        assert (mark["id"], mark["unread_rev"], mark["gone"]) == (row["id"], 0, False)
        await shows(his, 1, 1)


async def test_announcements_in_quick_succession_are_counted_once(alice, monkeypatch):
    counted: list[list[int]] = []

    def count(people: list[int]) -> dict[int, Counts]:
        counted.append(people)
        return counts(people)

    counts = queries.counts
    monkeypatch.setattr(queries, "counts", count)
    monkeypatch.setattr(badges, "GATHER_SECONDS", 3.0)
    async with connected(alice) as hers:
        await hers.subscribe(inbox=0, announcements=0)

        for number in range(5):
            await in_database(services.announce, title=f"{number}")
        await shows(hers, 5, 5)

        assert counted == [[alice.pk]]
        assert await hers.ask("inbox.counts", "inbox") == {
            "unseen": 5,
            "unread": 5,
            "inbox_rev": 0,
            "announcements_rev": 5,
        }


async def test_who_comes_back_is_told_what_they_missed_and_no_more(alice):
    [first] = await in_database(services.notify, poke(alice, key="first"))
    async with connected(alice) as hers:
        await hers.subscribe(inbox=0)
        await shows(hers, 1, 1)
    await in_database(services.notify, poke(alice, key="second"))
    await in_database(services.archive, person=alice.pk, notifications=[first.pk])

    async with connected(alice) as hers:
        await hers.subscribe(inbox=1)
        await shows(hers, 1, 1)

        keys = [(row["rev"], row["place"]) for row in hers.rows("notification")]
        assert keys == [(2, "inbox"), (3, "archive")]


async def test_who_was_away_for_too_long_loads_the_state(alice):
    for number in range(310):
        await in_database(services.notify, poke(alice, key=f"{number}"))
    async with connected(alice) as hers:
        await hers.subscribe(inbox=0)

        assert (await hers.hears(topic="inbox", reset=True))["rev"] == 310


async def test_the_state_is_loaded_over_http(alice, bob):
    [one] = await in_database(services.notify, poke(alice, actor=bob.pk))
    lunch = await in_database(services.announce, title="Lunch")
    await in_database(services.mark_read, person=alice.pk, announcements=[lunch.pk])
    browser = AsyncClient()
    await browser.aforce_login(alice)

    inbox = (await browser.get("/live/state?topic=inbox")).json()
    announcements = (await browser.get("/live/state?topic=announcements")).json()
    page = (await browser.get("/inbox/items?unread=yes")).json()

    assert [row["kind"] for row in inbox["rows"]] == ["inbox", "mark", "notification"]
    assert inbox["extra"]["counts"]["unread"] == 1
    assert [row["title"] for row in announcements["rows"]] == ["Lunch"]
    assert [row["id"] for row in page["rows"]] == [one.pk]
    assert page["older"] is False


@pytest.mark.parametrize(
    "query", ["place=gone", "place=nowhere", "before=x", "room=-1", "before=" + "9" * 30]
)
async def test_a_page_that_makes_no_sense_is_refused(alice, query):
    browser = AsyncClient()
    await browser.aforce_login(alice)

    assert (await browser.get(f"/inbox/items?{query}")).status_code == 400


async def test_a_stranger_is_shown_no_inbox(alice):
    assert (await AsyncClient().get("/inbox/items")).status_code == 302


@pytest.mark.parametrize(
    ("command", "args"),
    [
        ("inbox.read", {"notifications": [0]}),
        ("inbox.read", {"notifications": list(range(1, 102))}),
        ("inbox.read", {"person": 1}),
        ("inbox.snooze", {"notifications": [1], "until": "2030-01-01T00:00:00"}),
        ("inbox.seen", {}),
        ("inbox.seen", {"until": -1}),
    ],
)
async def test_what_a_page_may_not_say_is_refused(alice, command, args):
    async with connected(alice) as hers:
        await hers.subscribe(inbox=0)

        answer = await hers.ask(command, "inbox", **args)

    assert answer["error"]["code"] == "bad_request"


async def test_what_a_hint_did_not_tell_is_found(alice, monkeypatch):
    async with connected(alice) as hers:
        await hers.subscribe(inbox=0)
        with monkeypatch.context() as lost:
            lost.setattr("realtime_project.live.hub.Hub.announce", lambda *changes: None)
            await in_database(services.notify, poke(alice, key="lost"))

        await in_database(services.notify, poke(alice, key="told"))

        await shows(hers, 2, 2)
        assert [row["rev"] for row in hers.rows("notification")] == [1, 2]
