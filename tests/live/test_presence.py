"""Who is here: leases that workers hold, and what becomes of them."""

from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live.presence import (
    GRACE_SECONDS,
    LEASE_SECONDS,
    Attendance,
    Being,
    Presence,
    merged,
)

ALICE, BOB = 1, 2
IN_ROOM = Being(away=False, follows=frozenset({"room:1"}))
AWAY = Being(away=True, follows=frozenset({"room:1"}))
ELSEWHERE = Being(away=False, follows=frozenset({"room:2"}))


def test_who_comes_is_told_once():
    attendance = Attendance()
    attendance.note(ALICE, IN_ROOM, now=0)

    assert attendance.settle(now=0) == {ALICE: IN_ROOM}
    assert attendance.settle(now=1) == {}


def test_who_loads_the_page_anew_is_never_missed():
    attendance = Attendance()
    attendance.note(ALICE, IN_ROOM, now=0)
    attendance.settle(now=0)

    attendance.note(ALICE, None, now=1)
    assert attendance.settle(now=GRACE_SECONDS) == {}
    attendance.note(ALICE, IN_ROOM, now=GRACE_SECONDS)

    assert attendance.settle(now=10 * GRACE_SECONDS) == {}


def test_who_goes_is_missed_after_the_grace_however_often_it_is_noted():
    attendance = Attendance()
    attendance.note(ALICE, IN_ROOM, now=0)
    attendance.settle(now=0)

    for second in range(int(GRACE_SECONDS)):
        attendance.note(ALICE, None, now=second)

    assert attendance.settle(now=GRACE_SECONDS) == {ALICE: None}
    assert attendance.whole() == {}


def test_somebody_is_away_only_where_every_page_of_theirs_is():
    presence = Presence()
    presence.take("first", {ALICE: AWAY}, whole=False, now=0)
    presence.take("second", {ALICE: ELSEWHERE}, whole=False, now=0)

    assert presence.being(ALICE) == Being(False, frozenset({"room:1", "room:2"}))

    presence.take("second", {ALICE: None}, whole=False, now=0)
    assert presence.being(ALICE) == AWAY
    assert presence.in_stream("room:2") == set()


def test_a_worker_that_falls_silent_is_forgotten_with_its_people():
    presence = Presence()
    presence.take("first", {ALICE: IN_ROOM}, whole=True, now=0)
    presence.take("second", {BOB: IN_ROOM}, whole=True, now=0)
    presence.take("second", {}, whole=False, now=LEASE_SECONDS)

    presence.expire(now=LEASE_SECONDS + 1)

    assert presence.workers == {"second"}
    assert presence.in_stream("room:1") == {BOB}


def test_while_nobody_can_be_heard_nobody_is_forgotten():
    presence = Presence()
    presence.take("first", {ALICE: IN_ROOM}, whole=True, now=0)

    presence.freeze(now=100)
    presence.expire(now=100 + LEASE_SECONDS)

    assert presence.being(ALICE) == IN_ROOM


def test_what_changes_and_changes_back_is_no_news():
    presence = Presence()
    presence.take("first", {ALICE: IN_ROOM}, whole=False, now=0)
    assert presence.changed() == {ALICE: None}

    presence.take("first", {ALICE: AWAY}, whole=False, now=0)
    presence.take("first", {ALICE: IN_ROOM}, whole=False, now=0)

    assert presence.changed() == {}


people = st.integers(1, 4)
beings = st.builds(Being, st.booleans(), st.frozensets(st.sampled_from(["room:1", "room:2"])))
tellings = st.tuples(
    st.sampled_from(["first", "second"]),
    st.dictionaries(people, st.none() | beings),
    st.booleans(),  # whether it gets through
)


@given(st.lists(tellings))
def test_once_everybody_has_told_all_of_it_it_does_not_matter_what_was_lost(told):
    presence = Presence()
    truth: dict[str, dict[int, Being]] = {"first": {}, "second": {}}
    for worker, changes, arrives in told:
        for person, being in changes.items():
            truth[worker].pop(person, None)
            if being is not None:
                truth[worker][person] = being
        if arrives:
            presence.take(worker, changes, whole=False, now=0)

    for worker, everybody in truth.items():
        presence.take(worker, dict(everybody), whole=True, now=0)

    for person in range(1, 5):
        held = [lease[person] for lease in truth.values() if person in lease]
        assert presence.being(person) == merged(held)
        for stream in ("room:1", "room:2"):
            is_there = any(stream in one.follows for one in held)
            assert (person in presence.in_stream(stream)) == is_there


@given(st.lists(tellings))
def test_the_changes_lead_from_one_telling_to_the_next(told):
    presence = Presence()
    shown: dict[int, Being | None] = {}
    for worker, changes, whole in told:
        presence.take(worker, changes, whole=whole, now=0)
        for person, before in presence.changed().items():
            assert shown.get(person) == before
            shown[person] = presence.being(person)

    assert all(presence.being(person) == shown.get(person) for person in range(1, 5))
