"""A handshake that was under way while somebody lost access."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live import recent
from realtime_project.live.recent import RecentRevocations

ALICE, BOB = 1, 2
revoked = st.one_of(
    st.tuples(st.sampled_from(["desk", "phone"]), st.none()),
    st.tuples(st.just(""), st.sampled_from([ALICE, BOB])),
)


@pytest.fixture
def revocations():
    return RecentRevocations()


def test_a_session_that_ends_during_its_handshake_is_noticed(revocations):
    position = revocations.position

    revocations.add("desk", None)

    assert revocations.contains(position, "desk", ALICE)
    assert not revocations.contains(position, "phone", ALICE)


def test_a_person_who_is_deactivated_during_a_handshake_is_noticed(revocations):
    position = revocations.position

    revocations.add("", ALICE)

    assert revocations.contains(position, "desk", ALICE)
    assert not revocations.contains(position, "desk", BOB)


def test_what_was_revoked_before_is_the_databases_answer(revocations):
    revocations.add("desk", ALICE)

    assert not revocations.contains(revocations.position, "desk", ALICE)


def test_a_handshake_without_a_session_is_not_taken_for_a_revoked_person(revocations):
    position = revocations.position

    revocations.add("", BOB)

    assert not revocations.contains(position, "", ALICE)


@given(st.lists(revoked, max_size=20), st.lists(revoked, max_size=20))
def test_the_answer_is_about_what_came_after_the_position(before, after):
    revocations = RecentRevocations()
    for one in before:
        revocations.add(*one)
    position = revocations.position
    for one in after:
        revocations.add(*one)

    answer = revocations.contains(position, "desk", ALICE)

    assert answer == any(session == "desk" or person == ALICE for session, person in after)


@given(st.integers(0, 12))
def test_when_too_much_happened_to_remember_the_answer_is_yes(count):
    with patch.object(recent, "MAX_KEPT", 5):
        revocations = RecentRevocations()
    position = revocations.position

    for _ in range(count):
        revocations.add("somebody else", None)

    assert revocations.contains(position, "desk", ALICE) == (count > 5)
