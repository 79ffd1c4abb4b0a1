"""Whether, where and when somebody is told, and the reasons that are given for it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.decision import (
    NOWHERE,
    Channels,
    Code,
    Decision,
    Event,
    KindFacts,
    Level,
    Mail,
    PersonState,
    Standing,
    Wishes,
    decide,
)
from notifications.quiet_hours import NEVER, Schedule, Window
from realtime_project.live.sight import Sight

ALICE, BOB, CAROL = 1, 2, 3
ROOM = "room:7"
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
A_MINUTE = timedelta(minutes=1)
WHOLE_DAY = Schedule((Window(time(0), time(0)),) * 7)
EVENING = Schedule((Window(time(11), time(18)),) * 7)  # at noon it is quiet in Greenwich

EVERYWHERE = Channels(in_app=True, push=True, email=Mail.INSTANT)
IN_APP = Channels(in_app=True)
MENTION = KindFacts("mention", EVERYWHERE)
SAID = KindFacts("message", EVERYWHERE, is_personal=False)
SIGN_IN = KindFacts("new_sign_in", EVERYWHERE, priority=4, is_locked=True)
ALERT = KindFacts("alert", EVERYWHERE, priority=5)


def mention(kind: KindFacts = MENTION, **fields: Any) -> Event:
    """Bob has mentioned Alice in their room."""
    known: dict[str, Any] = {"kind": kind, "happened": NOON, "actor": BOB, "place": ROOM, "rev": 20}
    return Event(**known | fields)


def alice(
    wishes: Wishes | None = Wishes(),  # noqa: B008 (frozen)
    *,
    now: datetime = NOON,
    sights: tuple[Sight, ...] = (),
    **standing: Any,
) -> PersonState:
    """How it is with Alice, who is in the room unless it is said otherwise."""
    return PersonState(ALICE, now, Standing(**{"may_see": True} | standing), wishes, sights)


def sees(place: str = ROOM, rev: int = 19, *, seconds_ago: float = 2) -> tuple[Sight, ...]:
    return (Sight(place, rev, NOON - seconds_ago * A_SECOND),)


def codes(decision: Decision) -> list[Code]:
    return [line.code for line in decision.trace]


def test_a_mention_goes_everywhere_at_once_when_nothing_speaks_against_it():
    decision = decide(mention(), alice())

    assert (decision.channels, decision.delay, decision.held_until) == (
        EVERYWHERE, timedelta(), None,
    )  # fmt: skip
    assert codes(decision) == [
        Code.KIND_ON, Code.MAY_SEE, Code.OTHERS_ACT, Code.NOT_MUTED, Code.NEW, Code.UNREAD,
        Code.NOT_VISIBLE, Code.NOT_HERE, Code.NOT_QUIET, Code.SENT,
    ]  # fmt: skip
    assert decision.trace[-1].params == {"channels": "in_app,push,email"}


OFF = Wishes({"mention": NOWHERE, "new_sign_in": NOWHERE})
DIGEST = Channels(in_app=True, email=Mail.DIGEST)
IN_AN_HOUR = NOON + 60 * A_MINUTE

# Event, how it stands with Alice, what the deciding line says, where she is told, what is done.
STEPS = [
    # Its kind.
    (mention(), alice(OFF), Code.KIND_OFF, NOWHERE, Code.NOTHING),
    (mention(SIGN_IN), alice(OFF), Code.KIND_LOCKED, IN_APP, Code.INBOX),
    (mention(), alice(Wishes({"mention": IN_APP})), Code.KIND_ON, IN_APP, Code.INBOX),
    (mention(), alice(Wishes({"mention": DIGEST})), Code.KIND_ON, DIGEST, Code.SENT),
    (mention(), alice(Wishes({"reply": NOWHERE})), Code.KIND_ON, EVERYWHERE, Code.SENT),
    (mention(), alice(Wishes(wants_mail=False)), Code.KIND_ON, Channels(in_app=True, push=True),
     Code.SENT),
    (mention(), alice(Wishes({"mention": DIGEST}, wants_mail=False)), Code.KIND_ON, IN_APP,
     Code.INBOX),
    (mention(), alice(None), Code.UNREADABLE, Channels(in_app=True, push=True), Code.SENT),
    # Whether she may see it.
    (mention(), alice(may_see=False), Code.MAY_NOT_SEE, NOWHERE, Code.NOTHING),
    (mention(SIGN_IN), alice(may_see=False), Code.MAY_NOT_SEE, NOWHERE, Code.NOTHING),
    (mention(), alice(None, may_see=False), Code.MAY_NOT_SEE, NOWHERE, Code.NOTHING),
    # Whether she did it herself.
    (mention(actor=ALICE), alice(), Code.OWN_ACT, NOWHERE, Code.NOTHING),
    (mention(actor=None), alice(), Code.OTHERS_ACT, EVERYWHERE, Code.SENT),
    # What she has muted.
    (mention(SAID), alice(), Code.PLACE_LEVEL, NOWHERE, Code.NOTHING),
    (mention(SAID), alice(level=Level.ALL), Code.NOT_MUTED, EVERYWHERE, Code.SENT),
    (mention(), alice(level=Level.MENTIONS), Code.NOT_MUTED, EVERYWHERE, Code.SENT),
    (mention(), alice(level=Level.NOTHING), Code.PLACE_LEVEL, NOWHERE, Code.NOTHING),
    (mention(SIGN_IN), alice(level=Level.NOTHING), Code.PLACE_LEVEL, IN_APP, Code.INBOX),
    (mention(place=""), alice(level=Level.NOTHING), Code.NOT_MUTED, EVERYWHERE, Code.SENT),
    (mention(), alice(Wishes(muted_people=frozenset({BOB}))), Code.PERSON_MUTED, NOWHERE,
     Code.NOTHING),
    (mention(), alice(Wishes(muted_people=frozenset({CAROL}))), Code.NOT_MUTED, EVERYWHERE,
     Code.SENT),
    (mention(), alice(Wishes(muted_until=IN_AN_HOUR)), Code.ALL_MUTED, IN_APP, Code.INBOX),
    (mention(), alice(Wishes(muted_until=NOON)), Code.NOT_MUTED, EVERYWHERE, Code.SENT),
    (mention(), alice(muted_until=IN_AN_HOUR), Code.PLACE_MUTED, IN_APP, Code.INBOX),
    (mention(), alice(muted_until=NOON), Code.NOT_MUTED, EVERYWHERE, Code.SENT),
    (mention(place=""), alice(muted_until=IN_AN_HOUR), Code.NOT_MUTED, EVERYWHERE,
     Code.SENT),
    # What it is grouped with.
    (mention(), alice(told=NOON - 59 * A_SECOND), Code.GROUPED, IN_APP, Code.INBOX),
    (mention(), alice(told=NOON - 60 * A_SECOND), Code.NEW, EVERYWHERE, Code.SENT),
    (mention(ALERT), alice(told=NOON - A_SECOND), Code.NEW, EVERYWHERE, Code.SENT),
    # Whether she has read it, or has it before her eyes.
    (mention(), alice(is_read=True), Code.READ, IN_APP, Code.INBOX),
    (mention(), alice(sights=sees(rev=20)), Code.SEEN, IN_APP, Code.INBOX),
    (mention(), alice(sights=sees(rev=19)), Code.VISIBLE, EVERYWHERE, Code.WAITING),
    (mention(), alice(sights=sees(rev=19, seconds_ago=13)), Code.HERE, EVERYWHERE, Code.WAITING),
    (mention(), alice(sights=sees("room:8", 99)), Code.HERE, EVERYWHERE, Code.WAITING),
    (mention(), alice(sights=sees("", 0, seconds_ago=60)), Code.HERE, EVERYWHERE, Code.WAITING),
    (mention(), alice(sights=sees(seconds_ago=61)), Code.NOT_HERE, EVERYWHERE, Code.SENT),
    (mention(), alice(sights=sees("inbox", 5)), Code.VISIBLE, EVERYWHERE, Code.WAITING),
    (mention(), alice(sights=sees("inbox", 5), inbox_rev=5), Code.SEEN, IN_APP, Code.INBOX),
    (mention(place="", rev=0), alice(sights=sees("", 9)), Code.HERE, EVERYWHERE, Code.WAITING),
    # Quiet hours.
    (mention(), alice(Wishes(schedule=EVENING)), Code.QUIET, EVERYWHERE, Code.HELD),
    (mention(), alice(Wishes(schedule=EVENING, zone=ZoneInfo("Asia/Tokyo"))), Code.NOT_QUIET,
     EVERYWHERE, Code.SENT),
    (mention(ALERT), alice(Wishes(schedule=EVENING)), Code.BROKE_THROUGH, EVERYWHERE, Code.SENT),
    (mention(ALERT), alice(Wishes(schedule=EVENING, lets_urgent_through=False)), Code.QUIET,
     EVERYWHERE, Code.HELD),
    (mention(), alice(Wishes(schedule=EVENING, lets_through=frozenset({BOB}))),
     Code.BROKE_THROUGH, EVERYWHERE, Code.SENT),
    (mention(), alice(Wishes(schedule=EVENING, lets_through=frozenset({CAROL}))), Code.QUIET,
     EVERYWHERE, Code.HELD),
    (mention(), alice(Wishes({"mention": IN_APP}, schedule=EVENING)), Code.QUIET, IN_APP,
     Code.INBOX),
]  # fmt: skip


@pytest.mark.parametrize(("event", "state", "because", "channels", "done"), STEPS)
def test_each_step_decides_what_it_is_there_for(
    event: Event, state: PersonState, because: Code, channels: Channels, done: Code
):
    decision = decide(event, state)

    assert because in codes(decision)
    assert decision.channels == channels
    assert codes(decision)[-1] == done


def test_quiet_hours_hold_what_reaches_out_until_they_end():
    decision = decide(mention(), alice(Wishes(schedule=EVENING)))

    assert decision.held_until == datetime(2026, 5, 12, 18, tzinfo=UTC)
    assert decision.trace[-1].params["until"] == "2026-05-12T18:00:00+00:00"


def test_who_may_be_reading_it_gets_fifteen_seconds_for_that():
    decision = decide(mention(), alice(sights=sees()))

    assert decision.delay == 15 * A_SECOND
    assert decision.trace[-1].params == {"channels": "in_app,push,email", "seconds": 15}


def test_a_decision_that_comes_late_waits_only_for_what_is_left():
    late = decide(mention(), alice(now=NOON + 11 * A_SECOND, sights=sees(seconds_ago=0)))

    assert late.delay == 4 * A_SECOND


def test_a_laptop_that_vanished_gets_its_push_after_fifteen_seconds():
    # The page said what it showed in the very moment in which Bob wrote, and then no more.
    before = sees(rev=19, seconds_ago=0)
    first = decide(mention(), alice(sights=before))
    second = decide(mention(), alice(now=NOON + first.delay, sights=before))

    assert (first.delay, second.delay) == (15 * A_SECOND, timedelta())
    assert second.channels == EVERYWHERE
    assert codes(second)[-1] == Code.SENT


def test_a_page_that_is_alive_gets_nothing_beside_the_inbox():
    first = decide(mention(), alice(sights=sees(rev=19, seconds_ago=7)))
    later = NOON + first.delay
    second = decide(mention(), alice(now=later, sights=(Sight(ROOM, 20, later - 6 * A_SECOND),)))

    assert second.channels == IN_APP
    assert Code.SEEN in codes(second)


def test_what_was_read_on_the_phone_meanwhile_does_not_ring_it():
    first = decide(mention(), alice(sights=sees("room:8")))
    second = decide(mention(), alice(now=NOON + first.delay, is_read=True))

    assert second.channels == IN_APP


def test_the_clock_of_another_machine_may_be_behind():
    decision = decide(mention(), alice(now=NOON - 3 * A_SECOND, sights=sees()))

    assert decision.delay == 15 * A_SECOND


# --- what holds for everything that may happen to anybody -------------------------------------

moments = st.integers(-200, 200).map(lambda seconds: NOON + seconds * A_SECOND)
maybe_moments = st.none() | moments
people = st.sampled_from([ALICE, BOB, CAROL])
crowds = st.frozensets(people)
channels = st.builds(Channels, st.booleans(), st.booleans(), st.sampled_from(Mail))
kinds = st.builds(
    KindFacts, st.sampled_from(["mention", "message"]), channels, st.integers(1, 5),
    st.booleans(), st.booleans(),
)  # fmt: skip
places = st.sampled_from(["", ROOM, "room:8", "inbox"])
revs = st.integers(0, 3)
events = st.builds(Event, kinds, moments, st.none() | people, places, revs)
wishes = st.builds(
    Wishes, st.dictionaries(st.sampled_from(["mention", "message"]), channels), maybe_moments,
    crowds, st.sampled_from([NEVER, EVENING, WHOLE_DAY]),
    st.sampled_from([UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("Australia/Lord_Howe")]),
    st.booleans(), crowds,
)  # fmt: skip
sights = st.lists(st.builds(Sight, places, revs, moments), max_size=3).map(tuple)
standings = st.builds(
    Standing, st.booleans(), st.sampled_from(Level), maybe_moments, maybe_moments, st.booleans(),
    st.none() | revs,
)  # fmt: skip
states = st.builds(
    PersonState, st.just(ALICE), moments, standings, st.none() | wishes, sights
)  # fmt: skip


def standing(state: PersonState, **fields: Any) -> PersonState:
    """The same state, but for how it stands with the person and the place."""
    return replace(state, standing=replace(state.standing, **fields))


DONE = {Code.NOTHING, Code.INBOX, Code.WAITING, Code.HELD, Code.SENT}


@given(events, states)
def test_a_locked_kind_always_reaches_the_inbox(event: Event, state: PersonState):
    locked = replace(event, kind=replace(event.kind, is_locked=True), actor=BOB)

    assert decide(locked, standing(state, may_see=True)).channels.in_app


@given(events, states)
def test_nothing_is_ever_sent_of_what_one_may_not_see(event: Event, state: PersonState):
    decision = decide(event, standing(state, may_see=False))

    assert decision.channels == NOWHERE
    assert codes(decision)[-1] == Code.NOTHING


@given(events, states)
def test_the_last_line_says_what_was_done_and_no_other_does(event: Event, state: PersonState):
    decision = decide(event, state)
    *before, last = codes(decision)

    assert not DONE & set(before)
    expected = {
        Code.NOTHING: decision.channels == NOWHERE,
        Code.INBOX: decision.channels == IN_APP,
        Code.WAITING: bool(decision.delay) and not decision.held_until,
        Code.HELD: decision.held_until is not None,
        Code.SENT: decision.channels not in (NOWHERE, IN_APP)
        and not (decision.delay or decision.held_until),
    }
    assert [code for code, holds in expected.items() if holds] == [last]


@given(events, states)
def test_every_step_that_was_taken_says_one_thing(event: Event, state: PersonState):
    decision = decide(event, state)

    # Nine steps and what was done, but nothing is asked any more once nothing is left to decide.
    assert len(decision.trace) == 10 or decision.channels == NOWHERE
    assert len(set(codes(decision))) == len(decision.trace)


@given(events, states)
def test_the_same_is_decided_of_the_same(event: Event, state: PersonState):
    assert decide(event, state) == decide(event, state)


@given(events, states)
def test_nothing_waits_longer_than_fifteen_seconds_and_only_what_reaches_out(
    event: Event, state: PersonState
):
    decision = decide(event, state)

    assert timedelta() <= decision.delay <= 15 * A_SECOND
    assert decision.channels.reach_out or not (decision.delay or decision.held_until)
    assert decision.held_until is None or decision.held_until > state.now


@given(events, states)
def test_what_is_not_in_the_inbox_goes_nowhere_else(event: Event, state: PersonState):
    found = decide(event, state).channels

    assert found.in_app or found == NOWHERE


@given(events, states)
def test_preferences_that_cannot_be_read_withhold_nothing(event: Event, state: PersonState):
    state = standing(state, may_see=True, level=Level.ALL, muted_until=None)
    decision = decide(replace(event, actor=BOB), replace(state, wishes=None))

    assert decision.channels.in_app
    assert decision.trace[0].code == Code.UNREADABLE
    others = {Code.GROUPED, Code.READ, Code.SEEN} & set(codes(decision))
    assert decision.channels.push or others
