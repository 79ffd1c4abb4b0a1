"""Rows that are stored by one statement, without an object for each."""

import json

import pytest

from notifications.models import Inbox, Trace
from realtime_project.accounts.models import User
from realtime_project.live.inserting import Insertion

pytestmark = pytest.mark.django_db(transaction=True)

INBOXES = Insertion(
    Inbox,
    [
        "person",
        "rev",
        "floor",
        "read_until",
        "seen_until",
        "announcements_read_until",
        "announcements_seen_until",
    ],
    unique=["person"],
)
ABOUT = ["person", "subject", "kind"]
TRACES = Insertion(Trace, [*ABOUT, "lines"], unique=ABOUT, replaces=["lines"])


def kept() -> dict[tuple[int, str], object]:
    return {(one.person_id, one.kind): one.lines for one in Trace.objects.all()}


def test_what_all_rows_share_and_what_they_do_not_is_stored_in_each(alice: User, bob: User):
    TRACES.store(
        [
            (alice.pk, "message:1", "100 % new", json.dumps(["it's", "“new”"])),
            (bob.pk, "message:1", "plain", json.dumps(["it's", "“new”"])),
            (bob.pk, "message:1", "other", json.dumps({"a": None})),
        ]
    )

    assert kept() == {
        (alice.pk, "100 % new"): ["it's", "“new”"],
        (bob.pk, "plain"): ["it's", "“new”"],
        (bob.pk, "other"): {"a": None},
    }
    assert {one.subject for one in Trace.objects.all()} == {"message:1"}
    # The database says when, since nobody else did.
    assert all(one.decided for one in Trace.objects.all())


def test_a_row_that_is_there_already_stays_as_it_is(alice: User, bob: User):
    INBOXES.store([(alice.pk, 7, 0, 0, 0, 0, 0)])

    stored = INBOXES.store([(one.pk, 0, 0, 0, 0, 0, 0) for one in (alice, bob)])

    assert stored == [bob.pk]
    assert dict(Inbox.objects.values_list("pk", "rev")) == {alice.pk: 7, bob.pk: 0}


def test_a_row_that_is_there_already_takes_the_values_that_are_to_be_replaced(
    alice: User, bob: User
):
    TRACES.store([(one.pk, "message:1", "k", "[]") for one in (alice, bob)])

    TRACES.store([(bob.pk, "message:1", "k", "[1]")])

    assert kept() == {(alice.pk, "k"): [], (bob.pk, "k"): [1]}


def test_nothing_is_asked_of_the_database_for_no_rows(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert TRACES.store([]) == []
