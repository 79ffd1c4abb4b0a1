"""What people change of their preferences."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.decision import Channels
from notifications.deliveries.rescheduling import reschedule_digests
from notifications.keywords import MAX_KEYWORDS, fold, is_keyword
from notifications.models import Keyword, Preferences, Regard
from notifications.muting import Span, end_of
from notifications.preferences.models import Digest
from notifications.preferences.stored import write_choices, write_schedule
from notifications.quiet_hours import Schedule, leaves_a_pause
from realtime_project.accounts.models import User

MAX_PEOPLE = 50


@dataclass(frozen=True)
class Letters:
    """Whether there are letters, and when digests leave."""

    are_wanted: bool = True
    digest: Digest = Digest.DAILY
    digest_day: int = 0


@dataclass(frozen=True)
class Chosen:
    """All that a person chooses at once."""

    channels: Mapping[str, Channels]
    """By kind, where it differs from the kind's own."""
    schedule: Schedule
    lets_urgent_through: bool
    lets_through: Collection[int]
    muted_people: Collection[int]
    keywords: Collection[str]
    letters: Letters = Letters()


def save_preferences(*, person: int, chosen: Chosen) -> None:
    """Store what somebody has chosen. Raises ValidationError for what cannot be."""
    words = {fold(word): word.strip() for word in chosen.keywords if fold(word)}
    _check(chosen, words.values())
    with transaction.atomic():
        Preferences.objects.update_or_create(
            person_id=person,
            defaults={
                "choices": write_choices(chosen.channels),
                "quiet": write_schedule(chosen.schedule),
                "lets_urgent_through": chosen.lets_urgent_through,
                "is_mail_off": not chosen.letters.are_wanted,
                "digest": chosen.letters.digest,
                "digest_day": chosen.letters.digest_day,
            },
        )
        _keep_regards(person, chosen)
        _keep_keywords(person, words)
        reschedule_digests(person, timezone.now())


def mute_all(*, person: User, span: Span | None) -> datetime | None:
    """Send somebody nothing for a while, or again; returns until when. The inbox goes on."""
    until = end_of(span, ZoneInfo(person.zone), timezone.now()) if span else None
    Preferences.objects.update_or_create(person_id=person.pk, defaults={"muted_until": until})
    return until


def _check(chosen: Chosen, words: Iterable[str]) -> None:
    wrong = [word for word in words if not is_keyword(word)]
    if wrong:
        raise ValidationError(
            _("A keyword has 2 to 40 characters: %(word)s does not fit.") % {"word": wrong[0]}
        )
    if len(chosen.keywords) > MAX_KEYWORDS:
        raise ValidationError(_("At most %(count)s keywords.") % {"count": MAX_KEYWORDS})
    if len(chosen.lets_through) > MAX_PEOPLE or len(chosen.muted_people) > MAX_PEOPLE:
        raise ValidationError(_("At most %(count)s people.") % {"count": MAX_PEOPLE})
    if set(chosen.lets_through) & set(chosen.muted_people):
        raise ValidationError(_("Nobody can both be muted and break through quiet hours."))
    if not leaves_a_pause(chosen.schedule):
        raise ValidationError(_("Quiet hours need an end: leave some time of the week open."))


def _keep_regards(person: int, chosen: Chosen) -> None:
    wanted = {
        **dict.fromkeys(chosen.muted_people, Regard.How.MUTED),
        **dict.fromkeys(chosen.lets_through, Regard.How.THROUGH),
    }
    wanted.pop(person, None)
    Regard.objects.filter(person_id=person).exclude(other__in=wanted).delete()
    Regard.objects.bulk_create(
        [Regard(person_id=person, other_id=other, how=how) for other, how in wanted.items()],
        update_conflicts=True,
        unique_fields=["person", "other"],
        update_fields=["how"],
    )


def _keep_keywords(person: int, words: Mapping[str, str]) -> None:
    Keyword.objects.filter(person_id=person).exclude(folded__in=words).delete()
    Keyword.objects.bulk_create(
        [Keyword(person_id=person, word=word, folded=folded) for folded, word in words.items()],
        update_conflicts=True,
        unique_fields=["person", "folded"],
        update_fields=["word"],
    )
