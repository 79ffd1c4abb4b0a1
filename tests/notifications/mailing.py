"""What the tests of letters share: who wants them, time that passes, and the words in them."""

from datetime import time, timedelta
from email.message import EmailMessage
from typing import Any

from django.utils import timezone

from notifications import services
from notifications.decision import Channels, Mail
from notifications.deliveries.channels import MAIL
from notifications.deliveries.models import Delivery, State
from notifications.deliveries.sending import deliver
from notifications.models import Preferences
from notifications.notices import Notice
from notifications.preferences.services import Chosen, save_preferences
from notifications.preferences.stored import write_schedule
from notifications.quiet_hours import NEVER, Schedule, Window
from realtime_project.accounts.models import User


def wants(person: User, mail: Mail, *, kind: str = "tests.poke", **others: Any) -> None:
    """Let somebody choose how pokes, or what else, come by mail."""
    channels = {kind: Channels(in_app=True, email=mail)}
    save_preferences(person=person.pk, chosen=Chosen(channels, NEVER, True, (), (), (), **others))


def be_quiet(person: User) -> None:
    """Let it be quiet for somebody now, whenever that is."""
    a_week = Schedule((Window(time(0), time(0)),) * 7)
    chosen = {"quiet": write_schedule(a_week)}
    Preferences.objects.update_or_create(person=person, defaults=chosen)


def be_loud(person: User) -> None:
    Preferences.objects.filter(pk=person.pk).update(quiet=[])


def poke(person: User, **facts: Any) -> None:
    services.notify(Notice(person.pk, "tests.poke", **facts))


def send_all() -> None:
    while deliver(MAIL):
        pass


def let_time_pass() -> None:
    """Let everything be due that waits, and let what was sent have been sent long ago."""
    now = timezone.now()
    Delivery.objects.filter(state=State.WAITING).update(due=now)
    Delivery.objects.filter(state=State.SENT).update(sent=now - timedelta(hours=2))


def words(letter: EmailMessage, kind: str = "plain") -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
