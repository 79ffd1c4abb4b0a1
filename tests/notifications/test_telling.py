"""What apps say to people: it is told once, in groups, and taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from notifications import services
from notifications.models import Inbox, Notification
from notifications.notices import Notice, Retraction
from tests.notifications.reading import badge, poke, rows, texts


def test_what_concerns_alice_lies_in_her_inbox_and_in_nobody_elses(alice, bob, mallory):
    services.notify(poke(alice, actor=bob.pk, room=7, message=9, url="/rooms/7/@9"))

    [row] = rows(alice)
    assert row.text["en"] == "Bob poked you 1 times"
    assert (row.type, row.room, row.message, row.url) == ("tests.poke", 7, 9, "/rooms/7/@9")
    assert [actor.name for actor in row.actors] == ["Bob"]
    assert badge(alice) == (1, 1)
    assert list(Inbox.objects.values_list("person", flat=True)) == [alice.pk]


def test_nobody_is_told_of_what_they_did_themselves(alice, bob):
    services.notify(poke(alice, actor=alice.pk), poke(bob, actor=alice.pk))

    assert not Notification.objects.filter(inbox=alice.pk).exists()
    assert badge(bob) == (1, 1)


def test_the_same_key_is_told_once_however_often_it_comes(alice, bob):
    for _ in range(3):
        services.notify(poke(alice, key="a", actor=bob.pk), poke(alice, key="a", actor=bob.pk))
    services.notify(poke(alice, key="b", actor=bob.pk), poke(bob, key="a"))

    assert badge(alice) == (2, 2)
    assert badge(bob) == (1, 1)


def test_what_was_deleted_does_not_come_back_by_the_same_key(alice):
    [told] = services.notify(poke(alice, key="a"))
    services.delete(person=alice.pk, notifications=[told.pk])

    services.notify(poke(alice, key="a"))

    assert rows(alice) == []


def test_events_of_a_group_are_one_notification_that_comes_up_anew(alice, bob, carol):
    services.notify(poke(alice, group="pokes", key="1", actor=bob.pk, message=1))
    services.notify(poke(alice, key="other"))
    services.notify(poke(alice, group="pokes", key="2", actor=carol.pk, message=2))
    services.notify(poke(alice, group="pokes", key="2", actor=carol.pk, message=2))

    newest, _older = rows(alice)
    assert newest.text["en"] == "Carol and Bob poked you 2 times"
    assert newest.count == 2
    assert newest.message == 2
    assert badge(alice) == (2, 2)


def test_many_who_did_the_same_are_counted_and_each_only_once(alice, bob, carol, mallory):
    for person in (bob, carol, bob, mallory, bob):
        services.notify(poke(alice, group="pokes", actor=person.pk))

    assert texts(alice) == ["Bob and 2 others poked you 5 times"]


def test_a_group_that_was_read_begins_anew(alice, bob, carol):
    [told] = services.notify(poke(alice, group="pokes", actor=bob.pk))
    services.mark_read(person=alice.pk, notifications=[told.pk])

    services.notify(poke(alice, group="pokes", actor=carol.pk))

    assert texts(alice) == ["Carol poked you 1 times"]
    assert badge(alice) == (1, 1)


def test_an_archived_group_comes_back_with_its_next_event(alice, bob):
    [told] = services.notify(poke(alice, group="pokes", actor=bob.pk))
    services.archive(person=alice.pk, notifications=[told.pk])
    assert badge(alice) == (0, 0)

    services.notify(poke(alice, group="pokes", actor=bob.pk))

    assert [row.id for row in rows(alice)] == [told.pk]
    assert badge(alice) == (1, 1)


def test_a_snoozed_group_comes_up_with_its_next_event_and_not_once_more(alice, bob):
    [told] = services.notify(poke(alice, group="pokes", actor=bob.pk))
    now = timezone.now()
    services.snooze(person=alice.pk, notifications=[told.pk], until=now + timedelta(hours=1))

    services.notify(poke(alice, group="pokes", actor=bob.pk))
    services.mark_read(person=alice.pk, notifications=[told.pk])
    services.wake(now + timedelta(hours=2))

    assert badge(alice) == (0, 0)
    assert not Notification.objects.exclude(snoozed_until=None).exists()


def test_after_a_group_was_deleted_there_is_another_one(alice, bob):
    [told] = services.notify(poke(alice, group="pokes", actor=bob.pk))
    services.delete(person=alice.pk, notifications=[told.pk])

    [again] = services.notify(poke(alice, group="pokes", actor=bob.pk))

    assert again.pk != told.pk
    assert badge(alice) == (1, 1)


def test_what_is_taken_back_leaves_nothing_but_a_tombstone(alice, bob):
    [told] = services.notify(
        poke(alice, message=9, room=7, actor=bob.pk, url="/secret/", params={"secret": "words"})
    )

    services.retract(Retraction(alice.pk, message=9))

    assert badge(alice) == (0, 0)
    told.refresh_from_db()
    assert (told.place, told.url, told.params, told.events, told.count) == (
        "gone",
        "",
        "{}",
        "[]",
        0,
    )
    assert told.rev == Inbox.objects.get(pk=alice.pk).rev


def test_an_event_that_is_taken_back_leaves_its_group_and_the_last_one_ends_it(alice, bob, carol):
    services.notify(poke(alice, group="g", key="1", actor=bob.pk, message=1))
    services.notify(poke(alice, group="g", key="2", actor=carol.pk, message=2))

    services.retract(Retraction(alice.pk, group="g", key="2"))
    assert texts(alice) == ["Bob poked you 1 times"]
    assert rows(alice)[0].message == 1

    services.retract(Retraction(alice.pk, group="g", key="no such event"))
    assert texts(alice) == ["Bob poked you 1 times"]

    services.retract(Retraction(alice.pk, group="g", key="1"))
    assert texts(alice) == []


def test_only_what_is_about_the_same_is_taken_back(alice):
    services.notify(poke(alice, message=1, room=7), poke(alice, message=2, room=7), poke(alice))

    services.retract(Retraction(alice.pk, message=1))
    assert badge(alice) == (2, 2)

    services.retract(Retraction(alice.pk, room=8), Retraction(alice.pk, room=7))
    assert badge(alice) == (1, 1)


def test_words_are_made_in_every_language_when_they_are_read(alice, bob):
    with translation.override("de"):
        services.notify(
            Notice(alice.pk, "chat.added", actor=bob.pk, params={"room": "releases"}),
        )

    [row] = rows(alice)
    assert row.text == {
        "en": "Bob added you to releases.",
        "de": "Bob hat dich zu releases hinzugefügt.",
    }
    assert translation.get_language() == "en"


def test_a_kind_that_nobody_has_declared_is_refused_and_nothing_is_told(alice):
    with pytest.raises(LookupError, match=r"tests\.pok\b"):
        services.notify(poke(alice), Notice(alice.pk, "tests.pok"))

    assert not Notification.objects.exists()


def test_what_an_app_told_that_is_gone_can_still_be_read(alice):
    services.notify(poke(alice))
    Notification.objects.update(kind="gone.app")

    assert texts(alice) == ["Something happened."]


def test_buttons_come_with_the_kind(alice):
    services.notify(poke(alice, params={"by": 5}))

    [row] = rows(alice)
    assert [(one.name, one.label["en"], one.url) for one in row.actions] == [
        ("back", "Poke back", "/poke/5/")
    ]


def test_a_person_whose_account_is_not_in_use_is_not_told(alice, bob):
    bob.is_active = False
    bob.save()

    services.notify(poke(alice), poke(bob), Notice(99999, "tests.poke"))

    assert list(Inbox.objects.values_list("person", flat=True)) == [alice.pk]


def test_a_kinds_priority_holds_where_the_notice_names_none(alice):
    services.notify(poke(alice), poke(alice, priority=5))

    assert [row.priority for row in rows(alice)] == [5, 3]


def test_what_is_over_is_taken_back_by_a_job(alice):
    now = timezone.now()
    services.notify(poke(alice, expires=now + timedelta(hours=1)), poke(alice))

    services.expire(now)
    assert badge(alice) == (2, 2)

    services.expire(now + timedelta(hours=2))
    assert badge(alice) == (1, 1)
