"""Mail as a channel: whom it reaches, when, and what a mail server's answer means."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from zoneinfo import ZoneInfo

from django.conf import settings

from notifications.deliveries.channels import (
    MAIL,
    Again,
    Channel,
    Gone,
    Item,
    Outcome,
    Refused,
    Sent,
)
from notifications.mail import schedule
from notifications.mail.letters import letter
from notifications.preferences.models import Digest, Preferences
from realtime_project.accounts.mail import goes_out
from realtime_project.accounts.models import User
from realtime_project.live.statements import Question

PERMANENT = 500


def is_available() -> bool:
    """Return whether letters reach anybody, and their links lead back here."""
    return goes_out() and bool(settings.SITE_URL)


def send(person: User, items: Sequence[Item], target: str) -> Sequence[Outcome]:
    """Send one letter about some notifications."""
    if not reaches([person.pk]):
        return [Gone()]
    message = letter(person, items)
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        return [_refusal(*_only(error.recipients.values()))]
    except SMTPDataError as error:
        return [_refusal(error.smtp_code, error.smtp_error)]
    except (SMTPException, OSError) as error:
        # Of the server or of how it is set up, not of this letter: it will be mended.
        return [Again(repr(error))]
    return [Sent()]


def reaches(people: Collection[int]) -> set[int]:
    """Return who of these people can be written to, and has not said that they want no mail."""
    off = {pk for pk, is_off, _digest, _day in _CHOICES.ask(people) if is_off}
    return {pk for pk, address in _WITH_ADDRESS.ask(people) if address} - off


def next_digest(people: Collection[int], now: datetime) -> Mapping[int, datetime]:
    """Return when each of these people gets their next digest."""
    weekdays = {
        pk: day for pk, _is_off, digest, day in _CHOICES.ask(people) if digest == Digest.WEEKLY
    }
    # Asked for many at once, most of whom are of a few zones and days.
    made: dict[tuple[str, int | None], datetime] = {}
    found = {}
    for person, zone in _ZONES.ask(people):
        wanted = (zone or settings.TIME_ZONE, weekdays.get(person))
        if wanted not in made:
            made[wanted] = schedule.next_digest(ZoneInfo(wanted[0]), now, weekday=wanted[1])
        found[person] = made[wanted]
    return found


def may_send(sent: Sequence[datetime], now: datetime) -> datetime:
    return schedule.may_send(sent, now, limit=settings.MAIL_PER_HOUR)


CHANNEL = Channel(
    name=MAIL,
    available=is_available,
    send=send,
    reaches=reaches,
    next_digest=next_digest,
    may_send=may_send,
)


def _only(answers: Collection[tuple[int, bytes]]) -> tuple[int, bytes]:
    [answer] = answers
    return answer


def _refusal(code: int, words: bytes | str) -> Outcome:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    reason = f"{code} {text}"
    return Refused(reason) if code >= PERMANENT else Again(reason)


_WITH_ADDRESS = Question(
    lambda people: User.objects.filter(pk__in=people, is_active=True, is_bot=False).values_list(
        "pk", "email"
    )
)
_ZONES = Question(lambda people: User.objects.filter(pk__in=people).values_list("pk", "time_zone"))
_CHOICES = Question(
    lambda people: Preferences.objects.filter(pk__in=people).values_list(
        "pk", "is_mail_off", "digest", "digest_day"
    )
)
