"""Of which rooms somebody is told, and why they were told of a message or were not."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from chat import services
from chat.models import Membership, Message, Notify
from chat.why import event_of, standings_of, subject_of
from notifications import services as services_of_notifications
from notifications.decision import Channels, Code, Decision, Line
from notifications.models import Happening, Notification, Trace
from notifications.preferences.services import Chosen, save_preferences
from notifications.quiet_hours import NEVER
from notifications.reaching import decide_all
from notifications.traces.services import Traced, record
from realtime_project.accounts.models import User
from realtime_project.live import seeing
from realtime_project.live.database import in_database
from realtime_project.live.sight import Glance, Report
from tests.cast import make_person, make_room
from tests.sockets import connected


def say(author: User, room: int, text: str = "Hello Alice, the secret is 42") -> Message:
    return services.post_message(person=author.pk, room=room, client_id=uuid4(), text=text)


# --- a room's own setting ----------------------------------------------------------------------


async def test_how_much_of_a_room_one_wants_is_told_to_all_of_ones_pages(alice, releases):
    async with connected(alice) as laptop, connected(alice) as phone:
        await laptop.subscribe(me=None)
        await phone.ask("subscribe", topics={"me": 0})

        assert await laptop.ask("room.notify", "me", room=releases.pk, notify="all") is None

        row = await phone.until(
            lambda: next((r for r in phone.rows("membership") if r["notify"] == "all"), None),
            "no row with it",
        )
        assert (row["room"], row["muted_until"]) == (releases.pk, None)


async def test_a_room_is_muted_until_a_morning_where_one_lives_and_again_not(alice, bob, releases):
    async with connected(alice) as laptop:
        await laptop.ask("subscribe", topics={"me": 0})

        await laptop.ask("room.mute", "me", room=releases.pk, span="tomorrow")
        row = await laptop.until(
            lambda: next((r for r in laptop.rows("membership") if r["muted_until"]), None),
            "not muted",
        )
        until = datetime.fromisoformat(row["muted_until"])
        assert until.astimezone(UTC).hour == 8
        assert timedelta() < until - timezone.now() <= timedelta(hours=27)

        await laptop.ask("room.mute", "me", room=releases.pk, span=None)
        await laptop.until(
            lambda: laptop.rows("membership")[-1]["muted_until"] is None or None, "still muted"
        )


@pytest.mark.parametrize(
    ("command", "args", "code"),
    [
        ("room.notify", {"notify": "some"}, "bad_request"),
        ("room.mute", {"span": "for ever"}, "bad_request"),
        ("room.mute", {}, "bad_request"),
    ],
)
async def test_what_is_not_offered_is_refused(alice, releases, command, args, code):
    async with connected(alice) as hers:
        await hers.subscribe(me=None)

        answer = await hers.ask(command, "me", room=releases.pk, **args)

        assert answer["error"]["code"] == code


async def test_a_room_that_one_is_not_in_has_no_setting(mallory, releases):
    async with connected(mallory) as hers:
        await hers.subscribe(me=None)

        for command, args in (("room.notify", {"notify": "all"}), ("room.mute", {"span": "hour"})):
            answer = await hers.ask(command, "me", room=releases.pk, **args)
            assert answer["error"]["code"] == "not_found"


def test_ones_setting_is_no_business_of_the_others(alice, bob, releases):
    services.set_notify(person=alice.pk, room=releases.pk, notify=Notify.NOTHING)

    his = Membership.objects.of(bob.pk, releases.pk)
    assert his.notify == Notify.MENTIONS


# --- how it stands with people -----------------------------------------------------------------


def test_a_decision_about_many_knows_rooms_wishes_and_pages(alice, bob, mallory, releases):
    carol = make_person("carol")
    services.join_room(person=carol.pk, room=releases.pk)
    services.set_notify(person=carol.pk, room=releases.pk, notify=Notify.NOTHING)
    message = say(bob, releases.pk)
    report = Report(0, {alice.pk: {releases.key: Glance(message.seq, 0)}})
    seeing.store("worker 1", seeing.encode(report))
    everybody = [alice.pk, bob.pk, carol.pk, mallory.pk]

    decisions = decide_all(
        event_of(message, "chat.mention"),
        standings_of(everybody, message),
        subject=subject_of(message),
        now=message.created,
    )

    reasons = {person: [line.code for line in one.trace] for person, one in decisions.items()}
    assert reasons[alice.pk][-4:] == [Code.SEEN, Code.HERE, Code.NOT_QUIET, Code.INBOX]
    assert reasons[bob.pk][-2:] == [Code.OWN_ACT, Code.NOTHING]
    assert reasons[carol.pk][-2:] == [Code.PLACE_LEVEL, Code.NOTHING]
    assert reasons[mallory.pk][-2:] == [Code.MAY_NOT_SEE, Code.NOTHING]
    assert Trace.objects.filter(subject=f"message:{message.pk}").count() == 4


async def test_a_laptop_that_vanished_is_missed_within_twenty_seconds(
    alice, bob, releases, room, monkeypatch
):
    monkeypatch.setattr(seeing, "STORE_SECONDS", 0.02)
    async with connected(alice) as laptop:
        await laptop.subscribe(people=None)
        await laptop.ask("presence.look", "people", place=room, rev=releases.rev)
        await looked(alice.pk, room, releases.rev)
        # Its socket stays open, and nobody is behind it any more.
        message = await in_database(say, bob, releases.pk)
        first = await in_database(decided, message, alice.pk, timedelta())
        vanished = await in_database(decided, message, alice.pk, first.delay)

        # Unless there is, and the page says so.
        await laptop.ask("presence.look", "people", place=room, rev=message.seq)
        await looked(alice.pk, room, message.seq)
        there = await in_database(decided, message, alice.pk, first.delay)

    assert first.trace[-1].code == Code.WAITING
    assert first.delay <= timedelta(seconds=15)
    assert vanished.trace[-1].code == Code.SENT
    assert vanished.channels.push
    assert there.trace[-1].code == Code.INBOX


def decided(message: Message, person: int, later: timedelta) -> Decision:
    """What is decided about somebody and a mention, so long after it was written."""
    event = event_of(message, "chat.mention")
    standings = standings_of([person], message)
    now = message.created + later
    return decide_all(event, standings, subject=subject_of(message), now=now)[person]


async def looked(person: int, place: str, rev: int) -> None:
    """Wait until another process knows that somebody has seen a place so far."""
    async with asyncio.timeout(60):
        while True:
            [sights] = (await in_database(seeing.sights_of, [person])).values()
            if any(one.place == place and one.rev >= rev for one in sights):
                return
            await asyncio.sleep(0.02)


def test_what_was_said_before_one_could_see_it_stands_like_what_one_never_may(alice, mallory):
    room = make_room(alice, name="hidden", is_history_open=False)
    before = say(alice, room.pk)
    services.join_room(person=mallory.pk, room=room.pk)
    after = say(alice, room.pk)

    assert not standings_of([mallory.pk], before)[mallory.pk].may_see
    assert standings_of([mallory.pk], after)[mallory.pk].may_see


def test_what_was_deleted_is_seen_by_nobody(alice, bob, releases):
    message = say(bob, releases.pk)
    message = services.delete_message(person=bob.pk, room=releases.pk, message=message.pk)

    assert not standings_of([alice.pk], message)[alice.pk].may_see


# --- why ---------------------------------------------------------------------------------------

TRACE = (Line(Code.MAY_SEE), Line(Code.SENT, {"channels": "in_app,push"}))
HELD = (Line(Code.HELD, {"channels": "push", "until": "2026-05-12T18:00:00+00:00"}),)


async def test_a_page_asks_why_its_person_was_told(alice, bob, releases, room):
    message = await in_database(say, bob, releases.pk)
    await in_database(record, Traced(alice.pk, f"message:{message.pk}", "chat.mention", TRACE))
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        answer = await hers.ask("message.why", room, message=message.pk)

    [reason] = answer["reasons"]
    assert reason["kind"] == "Somebody mentions me"
    assert reason["lines"] == ["The person may see it.", "Told by: inbox, push."]
    assert reason["decided"] is not None


async def test_times_are_those_of_the_zone_of_who_asks(alice, bob, releases, room):
    alice.time_zone = "Asia/Kathmandu"
    await in_database(alice.save)
    message = await in_database(say, bob, releases.pk)
    await in_database(record, Traced(alice.pk, f"message:{message.pk}", "chat.mention", HELD))
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        answer = await hers.ask("message.why", room, message=message.pk)

    assert "11:45 p.m." in answer["reasons"][0]["lines"][0]


async def test_where_nothing_was_decided_the_settings_of_now_are_asked(alice, bob, releases, room):
    message = await in_database(say, bob, releases.pk)
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        [by_default] = (await hers.ask("message.why", room, message=message.pk))["reasons"]
        await hers.subscribe(me=None)
        await hers.ask("room.notify", "me", room=releases.pk, notify="all")
        [of_all] = (await hers.ask("message.why", room, message=message.pk))["reasons"]

    assert by_default["decided"] is None
    assert by_default["lines"][-2:] == [
        "Wanted of this room: mentions only. This is not among it.",
        "Nothing was told.",
    ]
    assert of_all["lines"][-1] == "It stands in the inbox, and reached nothing else."


def browser_of(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def test_a_keyword_is_found_in_what_one_may_see(alice, bob, releases):
    message = say(bob, releases.pk)
    save_preferences(person=alice.pk, chosen=Chosen({}, NEVER, True, (), (), ["secret"]))

    page = browser_of(alice).get(f"/rooms/{releases.pk}/@{message.seq}/why")

    assert "Somebody writes one of my keywords" in page.content.decode()


def test_nobody_finds_out_by_keywords_what_they_may_not_read(bob, releases):
    message = say(bob, releases.pk)
    admin = make_person("admin", is_staff=True)
    save_preferences(person=admin.pk, chosen=Chosen({}, NEVER, True, (), (), ["secret"]))

    page = browser_of(admin).get(f"/rooms/{releases.pk}/@{message.seq}/why").content.decode()

    assert "keywords" not in page
    assert "The person may not see it." in page


async def test_a_message_that_one_may_not_see_has_no_reasons(mallory, bob, releases, room):
    message = await in_database(say, bob, releases.pk)
    lobby = await in_database(make_room, mallory, name="lobby")
    async with connected(mallory) as hers:
        await hers.ask("subscribe", topics={lobby.key: None})

        answer = await hers.ask("message.why", lobby.key, message=message.pk)

    assert answer["error"]["code"] == "not_found"


@pytest.mark.parametrize("query", ["", "?person=alice", "?person=nobody"])
def test_strangers_learn_neither_of_the_message_nor_of_anybody(mallory, bob, releases, query: str):
    message = say(bob, releases.pk)
    browser = browser_of(mallory)

    there = browser.get(f"/rooms/{releases.pk}/@{message.seq}/why{query}")
    missing = browser.get(f"/rooms/{releases.pk}/@{message.seq + 99}/why{query}")

    assert (there.status_code, missing.status_code) == (404, 404)


@pytest.mark.parametrize("name", ["bob", "nobody"])
def test_a_member_asks_about_nobody_else(alice, bob, releases, name: str):
    message = say(bob, releases.pk)

    answer = browser_of(alice).get(f"/rooms/{releases.pk}/@{message.seq}/why?person={name}")

    assert answer.status_code == 404


def test_who_runs_the_place_asks_about_anybody_and_reads_no_word_of_the_message(
    alice, bob, releases
):
    message = say(bob, releases.pk)
    record(Traced(alice.pk, subject_of(message), "chat.mention", TRACE))
    browser = browser_of(make_person("admin", is_staff=True))

    page = browser.get(f"/rooms/{releases.pk}/@{message.seq}/why?person=@alice").content.decode()

    assert "Told by: inbox, push." in page
    assert "for Alice" in page
    assert "secret" not in page
    assert "Back to the message" not in page
    missing = browser.get(f"/rooms/{releases.pk}/@{message.seq}/why?person=zoe").content.decode()
    assert "Nobody has this username." in missing


# --- from a post into inboxes ------------------------------------------------------------------


def told(person: User) -> list[str]:
    """What stands in somebody's inbox: the kinds, once everything is told."""
    while services_of_notifications.tell_what_happened():
        pass
    mine = Notification.objects.filter(inbox=person.pk).order_by("pk")
    return list(mine.values_list("kind", flat=True))


def test_of_all_messages_is_told_who_wants_that_and_nobody_else(alice, bob, releases):
    services.set_notify(person=alice.pk, room=releases.pk, notify=Notify.ALL)

    say(bob, releases.pk, "Nobody in particular")

    assert (told(alice), told(bob)) == (["chat.message"], [])


def test_a_room_of_which_one_wants_nothing_tells_no_mention_and_says_why(alice, bob, releases):
    services.set_notify(person=alice.pk, room=releases.pk, notify=Notify.NOTHING)

    message = say(bob, releases.pk, "@alice?")

    assert told(alice) == []
    [trace] = Trace.objects.filter(person=alice, subject=subject_of(message))
    assert [line[0] for line in trace.lines][-2:] == ["place_level", "nothing"]


def test_who_watches_for_a_word_is_told_of_it_where_they_are(alice, bob, mallory, releases):
    for person in (alice, mallory):
        save_preferences(person=person.pk, chosen=Chosen({}, NEVER, True, (), (), ["deploy"]))

    say(bob, releases.pk, "Let us DEPLOY")
    say(bob, releases.pk, "of deployments")

    assert told(alice) == ["chat.keyword"]
    assert told(mallory) == []


def test_somebody_who_is_muted_tells_nothing(alice, bob, releases):
    save_preferences(person=alice.pk, chosen=Chosen({}, NEVER, True, (), [bob.pk], ()))

    say(bob, releases.pk, "@alice!")

    assert told(alice) == []


def test_a_kind_that_is_off_stands_nowhere(alice, bob, releases):
    off = {"chat.mention": Channels()}
    save_preferences(person=alice.pk, chosen=Chosen(off, NEVER, True, (), (), ()))

    say(bob, releases.pk, "@alice!")

    assert told(alice) == []


def test_what_nobody_may_want_leaves_nothing_to_be_told(alice, bob, releases):
    say(bob, releases.pk, "Nobody in particular")

    assert not Happening.objects.exists()
