"""The page on which people see why they were told of something lately, or were not."""

from uuid import uuid4

import pytest
from django.test import Client

from chat import services as chat
from chat.models import Membership, Room
from notifications import services
from notifications.publishing.content import Draft
from notifications.publishing.services import publish
from realtime_project.accounts.models import User
from tests.cast import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def page(reader: User, **asked: str) -> str:
    client = Client()
    client.force_login(reader)
    response = client.get("/inbox/why/", asked)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def tell_all() -> None:
    while services.tell_what_happened():
        pass


def test_it_says_what_was_decided_about_messages_and_programs(
    alice: User, bob: User, releases: Room
):
    Membership.objects.filter(person=bob).update(notify="nothing")
    chat.post_message(person=alice.pk, room=releases.pk, client_id=uuid4(), text="@bob & all")
    publish(sender=alice.pk, target="person/bob", draft=Draft(text="Backup failed"))
    tell_all()

    shown = page(bob)

    assert "@bob &amp; all" in shown
    assert "Wanted of this room: nothing" in shown
    assert "Nothing was told." in shown
    assert "Backup failed" in shown


def test_what_somebody_may_not_read_any_more_is_not_said(alice: User, bob: User, releases: Room):
    chat.post_message(person=alice.pk, room=releases.pk, client_id=uuid4(), text="@bob secret")
    tell_all()
    chat.remove_member(person=alice.pk, room=releases.pk, member=bob.pk)

    shown = page(bob)

    assert "Somebody mentions me" in shown
    assert "secret" not in shown


def test_who_runs_the_place_may_ask_about_everybody_and_reads_no_word_of_it(
    alice: User, bob: User, releases: Room
):
    chat.post_message(person=alice.pk, room=releases.pk, client_id=uuid4(), text="@bob secret")
    tell_all()
    admin = make_person("admin", is_staff=True)

    shown = page(admin, person="@bob")

    assert "Somebody mentions me" in shown
    assert "secret" not in shown
    assert "Nobody has this username" in page(admin, person="nobody")


@pytest.mark.parametrize("name", ["bob", "nobody"])
def test_nobody_else_may_ask_about_others(alice: User, bob: User, name: str):
    client = Client()
    client.force_login(alice)
    assert client.get("/inbox/why/", {"person": name}).status_code == 404
