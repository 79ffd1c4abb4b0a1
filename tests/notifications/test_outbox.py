"""What happened is told later, by another process, once and to everybody whom it concerns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from notifications import outbox, services
from notifications.models import Announcement, Happening, Inbox, Mark, Notification
from notifications.notices import Notice
from notifications.retrying import PAUSES, next_attempt
from notifications.services import fan_out
from realtime_project.accounts.models import User
from realtime_project.live.hub import hub
from tests.notifications.reading import badge, counted_by_hand

HOW_MANY = 25


@pytest.fixture
def crowd(transactional_db: None) -> list[User]:
    return make_crowd(HOW_MANY)


@pytest.fixture(autouse=True)
def poked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Happenings that are told to everybody, or to nobody because they fail."""
    outbox.find("notifications.retracted")  # the apps have declared theirs
    monkeypatch.setattr(outbox, "_tells", {**outbox._tells})
    monkeypatch.setattr(outbox, "_signatures", {**outbox._signatures})
    outbox.tells("tests.poked")(poke_everybody)
    outbox.tells("tests.broken")(fail)


def make_crowd(count: int) -> list[User]:
    names = [f"person{number}" for number in range(count)]
    return User.objects.bulk_create(
        [User(username=name, email=f"{name}@example.org", display_name=name) for name in names],
        batch_size=5000,
    )


def poke_everybody(page: outbox.Page, *, number: int) -> list[Notice]:
    people = User.objects.filter(pk__gt=page.after).order_by("pk").values_list("pk", flat=True)
    return [Notice(pk, "tests.poke", params={"n": number}) for pk in people[: page.limit]]


def fail(page: outbox.Page) -> list[Notice]:
    raise ValueError("nobody knows")


def tell_all() -> int:
    """Tell until there is nothing left; returns in how many turns."""
    turns = 0
    while services.tell_what_happened():
        turns += 1
    return turns


def told() -> list[tuple[int, str]]:
    """Who was told what, in the order of their inboxes."""
    return list(Notification.objects.order_by("inbox", "seq", "pk").values_list("inbox", "params"))


def test_what_happens_in_a_transaction_that_fails_is_not_told(crowd):
    with transaction.atomic():
        services.happened("tests.poked", number=1)
        transaction.set_rollback(True)

    assert not services.tell_what_happened()
    assert not Notification.objects.exists()


def test_a_mistake_in_saying_what_happened_shows_at_once(transactional_db):
    with pytest.raises(LookupError, match=r"tests\.pokd"):
        services.happened("tests.pokd")
    with pytest.raises(TypeError, match="number"):
        services.happened("tests.poked", numbr=1)

    assert not Happening.objects.exists()


def test_everybody_is_told_and_nothing_is_left_in_the_outbox(crowd):
    services.happened("tests.poked", number=1)
    services.happened("tests.poked", number=2)

    tell_all()

    assert told() == [(one.pk, f'{{"n":{n}}}') for one in crowd for n in (1, 2)]
    assert not Happening.objects.exists()
    assert badge(crowd[0]) == (2, 2)


def test_a_large_audience_is_told_in_batches_between_which_others_have_their_turn(
    crowd, monkeypatch
):
    monkeypatch.setattr(fan_out, "MAX_PEOPLE", {"sqlite": 10, "postgresql": 10})
    services.happened("tests.poked", number=1)
    services.happened("tests.poked", number=2)

    services.tell_what_happened()
    services.tell_what_happened()

    assert {one.told_until for one in Happening.objects.all()} == {crowd[9].pk}
    tell_all()
    assert told() == [(one.pk, f'{{"n":{n}}}') for one in crowd for n in (1, 2)]


def test_who_dies_at_any_statement_has_done_all_or_nothing(crowd, monkeypatch):
    """The process is killed before its first statement, before its second, and so on, until it
    lives long enough; whoever comes after it tells the rest."""
    monkeypatch.setattr(fan_out, "MAX_PEOPLE", {"sqlite": 10, "postgresql": 10})
    services.happened("tests.poked", number=1)
    services.happened("tests.poked", number=2)
    deaths = 0

    while Happening.objects.exists():
        before = told()
        try:
            with killed_before(statement=deaths % 30):
                services.tell_what_happened()
        except Killed:
            assert told() == before, f"half a batch was told, by {deaths} statements"
        deaths += 1

    assert deaths > 20
    assert sorted(told()) == sorted((one.pk, f'{{"n":{n}}}') for one in crowd for n in (1, 2))
    for one in crowd:
        counts = counted_by_hand(one.pk)
        assert (counts.unread, counts.inbox_rev) == (2, Inbox.objects.get(pk=one.pk).rev)


def test_who_dies_after_the_commit_has_told_nobody_and_doubles_nothing(crowd, monkeypatch):
    def die(*changes: Any) -> None:
        raise Killed

    services.happened("tests.poked", number=1)
    monkeypatch.setattr(hub, "announce", die)
    with pytest.raises(Killed):
        services.tell_what_happened()
    monkeypatch.undo()

    tell_all()

    assert told() == [(one.pk, '{"n":1}') for one in crowd]


def test_what_cannot_be_told_holds_up_nothing_else_and_is_tried_again(crowd, caplog):
    services.happened("tests.broken")
    services.happened("tests.poked", number=1)

    services.tell_what_happened()

    [broken] = Happening.objects.all()
    assert broken.attempts == 1
    assert "nobody knows" in broken.error
    assert timedelta(seconds=20) < broken.due - timezone.now() < timedelta(seconds=40)
    assert len(told()) == HOW_MANY
    assert not services.tell_what_happened()
    assert "cannot be told" in caplog.text


def test_what_fails_again_and_again_is_given_up_until_an_admin_wants_it_told(crowd, monkeypatch):
    services.happened("tests.broken")
    for _ in range(len(PAUSES) + 1):
        Happening.objects.update(due=timezone.now())
        services.tell_what_happened()
    [broken] = Happening.objects.all()
    assert broken.is_given_up
    assert not services.tell_what_happened()

    monkeypatch.setitem(outbox._tells, "tests.broken", lambda page: poke_everybody(page, number=3))
    assert services.retry(happenings=[broken.pk]) == 1
    tell_all()

    assert len(told()) == HOW_MANY
    assert not Happening.objects.exists()


def test_pauses_grow_by_steps_and_do_not_end_together():
    now = timezone.now()
    for failed, pause in enumerate(PAUSES, start=1):
        early, late = (next_attempt(failed, now, dice) for dice in (0.0, 0.999))
        assert early is not None
        assert late is not None
        assert 0.79 * pause < early - now < pause < late - now < 1.21 * pause
    assert next_attempt(len(PAUSES) + 1, now, 0.5) is None


def test_the_other_side_may_ask_for_a_longer_pause_but_not_for_a_shorter_one():
    now = timezone.now()

    assert next_attempt(1, now, 0.5, wait=timedelta(hours=2)) == now + timedelta(hours=2)
    assert next_attempt(1, now, 0.5, wait=timedelta(seconds=1)) == now + PAUSES[0]


@pytest.mark.timeout(600)
def test_a_large_audience_is_told_to_the_last_one_and_announcing_stays_one_row(
    transactional_db, request
):
    count = 100_000 if request.config.getoption("long") else 3_000
    make_crowd(count)
    services.happened("tests.poked", number=1)
    tell_all()
    services.announce(title="Lunch")

    assert Notification.objects.count() == count
    assert Notification.objects.values("inbox").distinct().count() == count
    assert set(Inbox.objects.values_list("rev", flat=True)) == {1}
    assert Announcement.objects.count() == 1
    assert not Mark.objects.exists()
    last = User.objects.order_by("pk").last()
    assert last is not None
    assert badge(last) == (2, 2)


class Killed(BaseException):
    """The process is not there any more."""


@contextmanager
def killed_before(statement: int) -> Iterator[None]:
    """Die before a statement; what the transaction has done until then, the database forgets."""
    left = statement

    def count(execute: Any, *args: Any) -> Any:
        nonlocal left
        if not left:
            raise Killed
        left -= 1
        return execute(*args)

    with connection.execute_wrapper(count):
        yield
