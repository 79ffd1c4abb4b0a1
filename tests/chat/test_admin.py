"""Django admin: what admins see of chat, and what they can do."""

from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from chat import services
from chat.models import Room
from tests.cast import make_person, make_room


@pytest.fixture
def admin(transactional_db: None) -> Client:
    browser = Client()
    browser.force_login(make_person("root", is_staff=True, is_superuser=True))
    return browser


@pytest.fixture
def secret(alice, bob) -> Room:
    room = make_room(alice, name="secret", is_private=True)
    services.add_members(person=alice.pk, room=room.pk, people=[bob.pk])
    services.post_message(
        person=alice.pk, room=room.pk, client_id=uuid4(), text="between the **two** of us"
    )
    return room


def act(browser: Client, action: str, room: Room) -> None:
    answer = browser.post(
        "/admin/chat/room/", {"action": action, "_selected_action": [room.pk]}, follow=True
    )
    assert answer.status_code == 200


def test_a_room_is_archived_and_opened_again(admin, releases):
    act(admin, "archive", releases)
    assert Room.objects.get(pk=releases.pk).is_archived
    assert "releases" not in admin.get("/admin/chat/room/?state=open").content.decode()

    act(admin, "open_again", releases)
    assert not Room.objects.get(pk=releases.pk).is_archived
    assert LogEntry.objects.count() == 2


def test_a_new_name_takes_a_rev_like_everybody_elses(admin, releases):
    before = Room.objects.get(pk=releases.pk)
    form = {"name": "shipping", "topic": "", "is_history_open": "on", "is_default": "on"}
    empty = {f"memberships-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}

    answer = admin.post(f"/admin/chat/room/{releases.pk}/change/", form | empty)

    assert answer.status_code == 302, answer.content.decode()
    after = Room.objects.get(pk=releases.pk)
    assert (after.name, after.is_default, after.rev) == ("shipping", True, before.rev + 1)


def test_a_name_that_is_taken_is_refused_in_the_form(admin, releases):
    form = {"name": "general", "topic": "", "is_history_open": "on"}
    empty = {f"memberships-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}

    answer = admin.post(f"/admin/chat/room/{releases.pk}/change/", form | empty)

    assert "already a public room" in answer.content.decode()
    assert Room.objects.get(pk=releases.pk).name == "releases"


def test_reading_a_private_room_takes_a_reason_and_is_logged(admin, secret):
    address = f"/admin/chat/room/{secret.pk}/read/"

    asked = admin.get(address).content.decode()
    assert "of us" not in asked
    assert "of us" not in admin.post(address, {"reason": " "}).content.decode()
    assert LogEntry.objects.count() == 0

    read = admin.post(address, {"reason": "A complaint, case 17"}).content.decode()

    assert "between the <strong>two</strong> of us" in read
    entry = LogEntry.objects.get()
    assert (str(entry.user), entry.object_id) == ("Root", str(secret.pk))
    assert "case 17" in entry.change_message


def test_the_text_of_a_private_room_is_on_no_other_page(admin, secret):
    for page in ("/admin/", "/admin/chat/room/", f"/admin/chat/room/{secret.pk}/change/"):
        assert "of us" not in admin.get(page).content.decode()


def test_a_public_room_is_read_without_a_reason(admin, alice, releases):
    services.post_message(person=alice.pk, room=releases.pk, client_id=uuid4(), text="to all")

    assert "to all" in admin.get(f"/admin/chat/room/{releases.pk}/read/").content.decode()
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("path", ["", "read/"])
def test_who_is_no_admin_is_sent_away(alice, secret, path):
    browser = Client()
    browser.force_login(alice)

    answer = browser.get(f"/admin/chat/room/{secret.pk}/{path}")

    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_staff_without_the_right_to_rooms_reads_none(secret):
    helper = Client()
    helper.force_login(make_person("helper", is_staff=True))

    answer = helper.post(f"/admin/chat/room/{secret.pk}/read/", {"reason": "curious"})

    assert answer.status_code == 403
    assert LogEntry.objects.count() == 0


def test_rooms_and_members_are_listed_with_few_queries(admin, alice, django_assert_max_num_queries):
    people = [make_person(f"person{number}") for number in range(15)]
    for number in range(15):
        make_room(alice, *people, name=f"room {number}")
    room = Room.objects.get(name="room 3")

    with django_assert_max_num_queries(8):
        listed = admin.get("/admin/chat/room/?q=room").content.decode()
    with django_assert_max_num_queries(10):
        shown = admin.get(f"/admin/chat/room/{room.pk}/change/").content.decode()

    assert listed.count("/change/") == 15
    assert "Person14" in shown
