"""What people do with what lies in their inboxes, and what the badges say then."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from notifications import queries, services
from notifications.models import Inbox, Notification, Place
from notifications.queries import Filter
from realtime_project.live.cursor import Want
from tests.notifications.reading import badge, poke, rows


@pytest.fixture
def told(alice) -> list[int]:
    """Three notifications, each of a rev of its own."""
    return [services.notify(poke(alice, room=n, key=f"{n}"))[0].pk for n in (1, 2, 3)]


def test_reading_one_counts_it_no_more_and_unread_counts_it_again(alice, told):
    services.mark_read(person=alice.pk, notifications=told[:2])
    assert badge(alice) == (1, 1)

    services.mark_unread(person=alice.pk, notifications=told[:1])
    assert badge(alice) == (2, 2)


def test_seeing_points_at_nothing_any_more_and_leaves_it_unread(alice, told):
    rev = Inbox.objects.get(pk=alice.pk).rev

    inbox = services.mark_seen(person=alice.pk, until=rev)

    assert badge(alice) == (0, 3)
    assert inbox.seen is not None
    services.notify(poke(alice))
    assert badge(alice) == (1, 4)


def test_all_is_marked_read_by_one_number_and_what_came_meanwhile_stays_unread(alice, told):
    known = Inbox.objects.get(pk=alice.pk).rev
    services.notify(poke(alice, key="meanwhile"))
    before = list(Notification.objects.order_by("pk").values_list("rev", flat=True))

    services.mark_all_read(person=alice.pk, until=known)

    assert badge(alice) == (1, 1)
    assert list(Notification.objects.order_by("pk").values_list("rev", flat=True)) == before


def test_a_page_that_is_behind_takes_nothing_of_it_back(alice, told):
    rev = Inbox.objects.get(pk=alice.pk).rev
    services.mark_all_read(person=alice.pk, until=rev)

    services.mark_all_read(person=alice.pk, until=1)
    services.mark_seen(person=alice.pk, until=1)

    assert badge(alice) == (0, 0)


def test_a_page_cannot_read_ahead(alice, told):
    services.mark_all_read(person=alice.pk, until=2**53)
    services.mark_seen(person=alice.pk, until=2**53)

    services.notify(poke(alice))

    assert badge(alice) == (1, 1)


def test_what_was_marked_unread_after_all_was_read_is_unread(alice, told):
    services.mark_all_read(person=alice.pk, until=2**53)

    services.mark_unread(person=alice.pk, notifications=told[:1])

    assert badge(alice) == (1, 1)


@pytest.mark.parametrize("put_away", [services.archive, services.delete])
def test_what_was_put_away_is_not_counted_and_comes_back_as_it_was(alice, told, put_away):
    services.mark_read(person=alice.pk, notifications=told[:1])
    put_away(person=alice.pk, notifications=told[:2])
    assert badge(alice) == (1, 1)
    assert [row.id for row in rows(alice)] == [told[2]]

    services.restore(person=alice.pk, notifications=told[:2])

    assert badge(alice) == (2, 2)
    assert [row.id for row in rows(alice)] == told[::-1]


def test_what_is_snoozed_comes_up_as_if_it_were_new(alice, told):
    now = timezone.now()
    services.mark_seen(person=alice.pk, until=2**53)
    services.mark_read(person=alice.pk, notifications=told)
    services.snooze(person=alice.pk, notifications=told[:1], until=now + timedelta(hours=1))
    assert [row.id for row in rows(alice)] == [told[2], told[1]]

    services.wake(now)
    assert badge(alice) == (0, 0)

    services.wake(now + timedelta(hours=2))
    assert badge(alice) == (1, 1)
    assert [row.id for row in rows(alice)] == [told[0], told[2], told[1]]


def test_snoozing_ends_in_the_future_and_within_a_year(alice, told):
    for until in (timezone.now(), timezone.now() + timedelta(days=400)):
        with pytest.raises(ValidationError):
            services.snooze(person=alice.pk, notifications=told, until=until)


def test_a_snooze_can_be_undone(alice, told):
    until = timezone.now() + timedelta(hours=1)
    services.snooze(person=alice.pk, notifications=told, until=until)

    services.restore(person=alice.pk, notifications=told)

    assert badge(alice) == (3, 3)
    assert not Notification.objects.exclude(snoozed_until=None).exists()


def test_what_was_taken_back_by_others_cannot_be_restored(alice):
    [one] = services.notify(poke(alice, message=9))
    services.forget_message(9)
    services.tell_what_happened()

    services.restore(person=alice.pk, notifications=[one.pk])

    assert rows(alice) == []


def test_a_deleted_group_is_not_restored_beside_the_one_that_came_after_it(alice):
    [first] = services.notify(poke(alice, group="g"))
    services.delete(person=alice.pk, notifications=[first.pk])
    [second] = services.notify(poke(alice, group="g"))

    services.restore(person=alice.pk, notifications=[first.pk])

    assert [row.id for row in rows(alice)] == [second.pk]


def test_mallory_does_nothing_to_what_is_alices(alice, mallory, told):
    services.open_inboxes([mallory.pk])
    for act in (services.mark_read, services.archive, services.delete):
        act(person=mallory.pk, notifications=told)

    assert badge(alice) == (3, 3)


def test_a_page_of_the_inbox_can_be_narrowed(alice, told):
    services.mark_read(person=alice.pk, notifications=told[:1])
    services.archive(person=alice.pk, notifications=told[1:2])

    def ids(**wanted) -> list[int]:
        return [row.id for row in queries.inbox_page(alice.pk, Filter(**wanted)).rows]

    assert ids() == [told[2], told[0]]
    assert ids(is_unread=True) == [told[2]]
    assert ids(room=1) == [told[0]]
    assert ids(place=Place.ARCHIVE) == [told[1]]
    assert ids(kind="tests.poke") == [told[2], told[0]]
    assert ids(kind="chat.added") == []


def test_pages_follow_one_another_without_holes(alice):
    for start in range(0, 120, 40):
        services.notify(*(poke(alice, key=f"{n}") for n in range(start, start + 40)))

    seen: list[int] = []
    before, older = None, True
    while older:
        page = queries.inbox_page(alice.pk, before=before)
        seen += [row.id for row in page.rows]
        before, older = (page.rows[-1].seq, page.rows[-1].id), page.older
        assert len(page.rows) <= 50

    assert len(seen) == len(set(seen)) == 120


def test_what_a_cursor_missed_is_what_happened_after_it(alice, told):
    services.mark_read(person=alice.pk, notifications=told[:1])

    [(_want, change)] = queries.inbox_changes([Want(f"inbox:{alice.pk}", 2)]).items()

    assert [row.id for row in change.rows] == [
        f"notification:{told[2]}",
        f"notification:{told[0]}",
        f"inbox:{alice.pk}",
    ]
    assert (change.after, change.rev, change.reset) == (2, 4, False)


def test_what_is_old_is_deleted_for_good_and_pages_begin_afresh(alice, told, settings):
    services.delete(person=alice.pk, notifications=told[:1])
    now = timezone.now()

    services.forget(now + timedelta(days=13))
    assert Notification.objects.count() == 3
    services.forget(now + timedelta(days=15))
    assert Notification.objects.count() == 2

    services.forget(now + timedelta(days=settings.INBOX_DAYS + 8))
    assert Notification.objects.count() == 0
    inbox = Inbox.objects.get(pk=alice.pk)
    assert inbox.floor == inbox.rev
