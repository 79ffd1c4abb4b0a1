"""What admins see of notifications, and what they can do."""

import pytest
from django.test import Client

from notifications import services
from notifications.models import Announcement, Happening
from realtime_project.accounts.models import User
from tests.cast import make_person
from tests.notifications.reading import badge, poke

ADMIN = "/admin/notifications"


@pytest.fixture
def admin(transactional_db: None) -> Client:
    root = make_person("root", is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(root)
    return browser


def test_an_inbox_shows_how_much_it_holds_and_not_what(admin, alice):
    services.notify(poke(alice, params={"secret": "words"}, url="/secret/"))

    listed = admin.get(f"{ADMIN}/inbox/")
    shown = admin.get(f"{ADMIN}/inbox/{alice.pk}/change/")

    for page in (listed, shown):
        assert page.status_code == 200
        assert "Alice" in page.content.decode()
        assert "secret" not in page.content.decode()
    assert admin.post(f"{ADMIN}/inbox/{alice.pk}/delete/").status_code == 403


def test_what_was_given_up_can_be_told_again(admin):
    services.happened("notifications.retracted", group="x")
    Happening.objects.update(attempts=6, is_given_up=True, error="ValueError()")
    assert "given up" in admin.get(f"{ADMIN}/happening/").content.decode()
    [happening] = Happening.objects.all()

    admin.post(
        f"{ADMIN}/happening/",
        {"action": "tell_now", "_selected_action": [happening.pk]},
    )

    services.tell_what_happened()
    assert not Happening.objects.exists()


def test_an_admin_announces_and_withdraws(admin, alice):
    services.open_inboxes([alice.pk])

    made = admin.post(
        f"{ADMIN}/announcement/add/",
        {"title": "Lunch", "text": "At noon.", "url": "", "priority": "3"},
    )

    assert made.status_code == 302
    [lunch] = Announcement.objects.all()
    assert (lunch.title, str(lunch.author)) == ("Lunch", "Root")
    assert badge(alice) == (1, 1)
    page = admin.get(f"{ADMIN}/announcement/{lunch.pk}/change/").content.decode()
    assert 'name="title"' not in page
    admin.post(f"{ADMIN}/announcement/", {"action": "withdraw", "_selected_action": [lunch.pk]})
    assert badge(alice) == (0, 0)


def test_members_see_none_of_it(alice: User):
    browser = Client()
    browser.force_login(alice)

    for what in ("inbox", "happening", "announcement"):
        assert browser.get(f"{ADMIN}/{what}/").status_code == 302
