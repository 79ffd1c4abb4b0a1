"""Letters about notifications, by a real mail server: at once, after quiet hours, as a digest."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from notifications import services
from notifications.decision import Mail
from notifications.deliveries.models import Delivery, State, Why
from notifications.mail.schedule import may_send, next_digest
from notifications.models import Inbox, Notification, Preferences
from notifications.preferences.models import Digest
from notifications.preferences.services import Letters
from notifications.publishing.content import Draft
from notifications.publishing.services import publish
from realtime_project.accounts.models import User
from tests.cast import make_person
from tests.notifications.mailing import (
    be_loud,
    be_quiet,
    let_time_pass,
    poke,
    send_all,
    wants,
    words,
)
from tests.servers.smtp import MailServer, serve_mail

VIENNA = ZoneInfo("Europe/Vienna")
SITE = "https://chat.example.org"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with serve_mail() as server:
        yield server


@pytest.fixture(autouse=True)
def goes_out(settings: Any, mail_server: MailServer) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    settings.SITE_URL = SITE


def waiting() -> list[Delivery]:
    return list(Delivery.objects.filter(state=State.WAITING).order_by("pk"))


# --- at once -----------------------------------------------------------------------------------


def test_a_letter_holds_all_that_a_program_said(alice, mail_server):
    wants(alice, Mail.INSTANT, kind="notifications.published")
    said = Draft(title="web1", text="The disk is <nearly> full.\nFree some.")
    publish(sender=alice.pk, target="person/alice", draft=said)

    while services.tell_what_happened():
        pass
    send_all()

    letter = mail_server.next_letter()
    assert letter["Subject"] == "web1 · Signalbox"
    assert "The disk is <nearly> full." in words(letter)
    assert "The disk is &lt;nearly&gt; full.<br>Free some." in words(letter, "html")


def test_a_letter_says_what_happened_in_words_and_in_html(alice, bob, mail_server):
    wants(alice, Mail.INSTANT)

    poke(alice, actor=bob.pk, url="/rooms/7/@118/", params={"room": "Releases & <more>"})
    send_all()

    letter = mail_server.next_letter()
    assert letter["To"] == "alice@example.org"
    assert letter["Subject"] == "Bob poked you 1 times · Signalbox"
    for kind in ("plain", "html"):
        assert "Bob poked you 1 times" in words(letter, kind)
        assert f"{SITE}/rooms/7/@118/" in words(letter, kind)
    assert "Releases & <more>" in words(letter)
    assert "Releases &amp; &lt;more&gt;" in words(letter, "html")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Message-ID"].endswith("@chat.example.org>")
    assert mail_server.is_empty()


def test_what_somebody_is_called_cannot_write_headers(alice, mail_server):
    wants(alice, Mail.INSTANT)
    rude = make_person("rude")
    User.objects.filter(pk=rude.pk).update(display_name="Eve\r\nBcc: all@example.org")

    poke(alice, actor=rude.pk)
    send_all()

    letter = mail_server.next_letter()
    assert letter["Bcc"] is None
    assert letter["Subject"].strip().startswith("Eve Bcc: all@example.org poked you")


def test_a_letter_is_written_in_the_language_of_the_browser_that_signed_in_last(
    alice, bob, mail_server
):
    wants(alice, Mail.INSTANT)
    Client(headers={"accept-language": "de"}).post(
        "/accounts/login/", {"login": "alice", "password": "correct horse battery staple"}
    )

    poke(alice, actor=bob.pk)
    send_all()

    letter = mail_server.next_letter()
    assert "Keine E-Mail mehr: " in words(letter)
    assert '<html lang="de">' in words(letter, "html")


def test_what_follows_within_a_minute_comes_together(alice, bob, mail_server):
    wants(alice, Mail.INSTANT)
    poke(alice, actor=bob.pk, params={"room": "Releases"})
    send_all()
    first = mail_server.next_letter()

    for room in ("Releases", "Lunch", "Releases"):
        poke(alice, actor=bob.pk, params={"room": room})
    send_all()
    assert mail_server.is_empty()
    assert all(one.due > timezone.now() for one in waiting())
    let_time_pass()
    send_all()

    second = mail_server.next_letter()
    assert second["Subject"] == "3 notifications · Signalbox"
    assert words(second).count("poked you") == 3
    assert words(second).count("\nReleases\n") == 1
    assert first["Message-ID"] != second["Message-ID"]
    assert mail_server.is_empty()


def test_letters_an_hour_are_limited_and_what_is_more_comes_in_one():
    now = datetime(2024, 5, 6, 12, tzinfo=UTC)
    minutes = [now - timedelta(minutes=one) for one in (50, 40, 30, 2)]

    assert may_send([], now, limit=4) == now
    assert may_send(minutes[:3], now, limit=4) == now
    assert may_send(minutes, now, limit=4) == now + timedelta(minutes=10)
    assert may_send(minutes, now, limit=5) == now
    assert may_send([now], now, limit=5) == now + timedelta(minutes=1)


@pytest.mark.parametrize("act", ["read", "read all", "seen", "archived", "retracted"])
def test_what_was_read_or_taken_back_meanwhile_is_not_sent(alice, bob, mail_server, act):
    wants(alice, Mail.INSTANT)
    poke(alice, actor=bob.pk, message=None, group="x", key="one")
    [one] = Notification.objects.all()
    person, rev = alice.pk, Inbox.objects.get(pk=alice.pk).rev
    {
        "read": lambda: services.mark_read(person=person, notifications=[one.pk]),
        "read all": lambda: services.mark_all_read(person=person, until=rev),
        "seen": lambda: services.mark_seen(person=person, until=rev),
        "archived": lambda: services.archive(person=person, notifications=[one.pk]),
        "retracted": lambda: retract("x"),
    }[act]()

    send_all()

    assert mail_server.is_empty()
    assert not Delivery.objects.exists()


def retract(group: str) -> None:
    services.forget_group(group)
    while services.tell_what_happened():
        pass


def test_nobody_is_written_to_who_wants_no_mail_or_is_no_longer_here(alice, bob, mail_server):
    wants(alice, Mail.OFF)
    wants(bob, Mail.INSTANT)
    poke(alice, actor=bob.pk)
    poke(bob, actor=alice.pk)
    assert [one.person for one in waiting()] == [bob]
    User.objects.filter(pk=bob.pk).update(is_active=False)

    send_all()

    assert mail_server.is_empty()
    assert not Delivery.objects.exists()


def test_without_a_mail_server_nothing_is_written_down(settings, alice, bob):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    wants(alice, Mail.INSTANT)

    poke(alice, actor=bob.pk)

    assert not Delivery.objects.exists()


# --- what a mail server says -------------------------------------------------------------------


@pytest.mark.parametrize("where", ["answers", "after_data"])
def test_what_a_mail_server_puts_off_is_sent_later_under_the_same_number(
    alice, bob, mail_server, where
):
    wants(alice, Mail.INSTANT)
    setattr(mail_server, where, ["451 4.7.1 Greylisted"])
    poke(alice, actor=bob.pk)

    send_all()

    [one] = waiting()
    assert (one.attempts, mail_server.is_empty()) == (1, True)
    assert "Greylisted" in one.error
    assert one.due > timezone.now() + timedelta(seconds=20)
    let_time_pass()
    send_all()
    assert "poked you" in words(mail_server.next_letter())
    assert Delivery.objects.get().state == State.SENT


def test_a_mail_server_that_is_away_loses_nothing(settings, alice, bob, mail_server):
    wants(alice, Mail.INSTANT)
    settings.EMAIL_PORT = 1
    poke(alice, actor=bob.pk)
    send_all()
    [one] = waiting()
    assert "Refused" in one.error

    settings.EMAIL_PORT = mail_server.port
    let_time_pass()
    send_all()

    assert "poked you" in words(mail_server.next_letter())


def test_an_address_that_is_refused_is_shown_to_admins_who_may_try_again(alice, bob, mail_server):
    wants(alice, Mail.INSTANT)
    mail_server.answers = ["550 5.1.1 No such user"]
    poke(alice, actor=bob.pk, params={"secret": "words"})

    send_all()

    [one] = Delivery.objects.all()
    assert one.state == State.REFUSED
    admin = Client()
    admin.force_login(make_person("root", is_staff=True, is_superuser=True))
    page = admin.get("/admin/notifications/delivery/").content.decode()
    shown = admin.get(f"/admin/notifications/delivery/{one.pk}/change/").content.decode()
    assert "given up" in page
    assert "No such user" in shown
    assert "poked" not in page + shown
    admin.post(
        "/admin/notifications/delivery/", {"action": "send_now", "_selected_action": [one.pk]}
    )
    send_all()
    assert "poked you" in words(mail_server.next_letter())


def test_of_two_who_send_at_once_one_does(alice, bob, mail_server):
    """What one has claimed is due for nobody else, until their time is over."""
    wants(alice, Mail.INSTANT)
    poke(alice, actor=bob.pk)
    Delivery.objects.update(claim="another", due=timezone.now() + timedelta(minutes=1))

    send_all()
    assert mail_server.is_empty()

    let_time_pass()
    send_all()
    assert mail_server.next_letter()["To"] == "alice@example.org"


# --- quiet hours -------------------------------------------------------------------------------


def test_what_came_in_quiet_hours_goes_out_as_one_when_they_end(alice, bob, mail_server):
    wants(alice, Mail.INSTANT)
    be_quiet(alice)
    for _ in range(3):
        poke(alice, actor=bob.pk)
    assert {one.why for one in waiting()} == {Why.QUIET}
    send_all()
    assert mail_server.is_empty()
    [read, *_others] = Notification.objects.order_by("pk")
    services.mark_read(person=alice.pk, notifications=[read.pk])

    be_loud(alice)
    let_time_pass()
    send_all()

    letter = mail_server.next_letter()
    assert letter["Subject"] == "While it was quiet: 2 notifications · Signalbox"
    assert words(letter).count("poked you") == 2
    assert mail_server.is_empty()


# --- digest ------------------------------------------------------------------------------------


def test_a_digest_holds_what_is_unread_by_room(alice, bob, mail_server):
    wants(alice, Mail.DIGEST)
    for room in ("Releases", "Lunch", "Releases"):
        poke(alice, actor=bob.pk, params={"room": room})
    send_all()
    assert mail_server.is_empty()
    services.mark_read(person=alice.pk, notifications=[Notification.objects.earliest("pk").pk])

    let_time_pass()
    send_all()

    letter = mail_server.next_letter()
    assert letter["Subject"] == "Your digest: 2 notifications · Signalbox"
    assert re.findall(r"^(Releases|Lunch)$", words(letter), re.MULTILINE) == ["Releases", "Lunch"]


def test_another_day_for_the_digest_counts_for_what_waits(alice, bob):
    wants(alice, Mail.DIGEST)
    poke(alice, actor=bob.pk)
    day = (timezone.now() + timedelta(days=3)).weekday()

    wants(alice, Mail.DIGEST, letters=Letters(True, Digest.WEEKLY, day))

    [one] = waiting()
    assert (one.due.weekday(), one.due.hour) == (day, 8)


@pytest.mark.parametrize(
    ("now", "weekday", "expected"),
    [
        ("2024-05-06T05:00+00:00", None, "2024-05-06T06:00+00:00"),
        ("2024-05-06T06:00+00:00", None, "2024-05-07T06:00+00:00"),
        # The night in which the clock is changed, both ways.
        ("2024-03-30T12:00+00:00", None, "2024-03-31T06:00+00:00"),
        ("2024-10-26T12:00+00:00", None, "2024-10-27T07:00+00:00"),
        # A Monday; on Mondays, and on Sundays.
        ("2024-05-06T05:00+00:00", 0, "2024-05-06T06:00+00:00"),
        ("2024-05-06T06:00+00:00", 0, "2024-05-13T06:00+00:00"),
        ("2024-05-06T06:00+00:00", 6, "2024-05-12T06:00+00:00"),
    ],
)
def test_a_digest_leaves_at_eight_where_its_person_lives(now, weekday, expected):
    due = next_digest(VIENNA, datetime.fromisoformat(now), weekday=weekday)

    assert due == datetime.fromisoformat(expected)


# --- no more letters ---------------------------------------------------------------------------


def off_link(mail_server: MailServer) -> str:
    header = mail_server.next_letter()["List-Unsubscribe"].strip()
    assert header.startswith(f"<{SITE}/")
    assert header.endswith(">")
    return str(header[1:-1].removeprefix(SITE))


def test_one_click_ends_letters_without_signing_in_and_changes_nothing_else(
    alice, bob, mail_server
):
    wants(alice, Mail.INSTANT)
    before = Preferences.objects.get(pk=alice.pk)
    poke(alice, actor=bob.pk)
    send_all()
    link = off_link(mail_server)
    stranger = Client(enforce_csrf_checks=True)

    page = stranger.get(link)
    assert page.status_code == 200
    assert not Preferences.objects.get(pk=alice.pk).is_mail_off
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200

    poke(alice, actor=bob.pk)
    send_all()
    after = Preferences.objects.get(pk=alice.pk)
    assert mail_server.is_empty()
    assert after.is_mail_off
    assert (after.choices, after.quiet) == (before.choices, before.quiet)
    assert Notification.objects.count() == 2


@pytest.mark.parametrize("token", ["1", "1:abc", "alice:abc"])
def test_nobody_ends_the_letters_of_others(alice, token):
    answer = Client().post(f"/mail/off/{token.replace('1', str(alice.pk))}/")

    assert answer.status_code == 404
    assert not Preferences.objects.exists()
