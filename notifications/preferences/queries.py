"""What people wish, read for many at once."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction
from django.db.models import QuerySet

from notifications.decision import Channels, Wishes
from notifications.keywords import first_found, fold
from notifications.models import Keyword, Preferences, Regard
from notifications.preferences.stored import read_choices, read_schedule
from notifications.quiet_hours import NEVER, Schedule
from realtime_project.accounts.models import User
from realtime_project.live.database import AWAY
from realtime_project.live.statements import Question

logger = logging.getLogger(__name__)

BROKEN = (ValueError, TypeError, AttributeError, LookupError)
"""What reading raises of choices that a hand has changed in the database."""
Regards = Mapping[Regard.How, set[int]]


def wishes_of(people: Collection[int]) -> dict[int, Wishes | None]:
    """Return what each of these people wishes; None for whose wishes cannot be read, so that they
    are told rather than not. While the database is away it raises: then nothing can be told."""
    try:
        # Within a savepoint an error leaves the caller's transaction usable. A transaction of its
        # own would make SQLite wait for whoever writes.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return _read(people)
    except AWAY:
        raise
    except DatabaseError:
        logger.exception("The preferences of %d people cannot be read", len(people))
        return dict.fromkeys(people)


def preferences_of(person: int) -> Preferences:
    """Return somebody's choices, or those of who has made none."""
    return Preferences.objects.filter(pk=person).first() or Preferences(person_id=person)


def wishes(person: int) -> Wishes | None:
    """Return what one person wishes."""
    return wishes_of([person])[person]


def readable(preferences: Preferences) -> tuple[dict[str, Channels], Schedule]:
    """Return what can be read of somebody's choices, for the page on which they choose anew."""
    try:
        return read_choices(preferences.choices), read_schedule(preferences.quiet)
    except BROKEN:
        return {}, NEVER


def regarded(person: int) -> dict[Regard.How, list[str]]:
    """Return whom a person has muted, and whom they let through, by username."""
    found: dict[Regard.How, list[str]] = {how: [] for how in Regard.How}
    for regard in Regard.objects.filter(person_id=person).select_related("other"):
        found[Regard.How(regard.how)].append(regard.other.username)
    return found


def keywords_of(person: int) -> list[str]:
    """Return the words that somebody watches for."""
    return list(Keyword.objects.filter(person_id=person).values_list("word", flat=True))


def watching(people: Iterable[int] | QuerySet[Any, Any], text: str) -> dict[int, str]:
    """Return who of these people watches for a word that stands in a text, and for which."""
    words: dict[int, list[Keyword]] = defaultdict(list)
    for keyword in Keyword.objects.filter(person__in=people):
        words[keyword.person_id].append(keyword)
    folded = fold(text) if words else ""
    found = {}
    for person, theirs in words.items():
        by_folded = {keyword.folded: keyword.word for keyword in theirs}
        word = first_found(by_folded, folded)
        if word is not None:
            found[person] = by_folded[word]
    return found


def _read(people: Collection[int]) -> dict[int, Wishes | None]:
    regards = _regards(people)
    found = (Preferences.from_db(DEFAULT_DB_ALIAS, _CHOSEN, row) for row in _CHOICES.ask(people))
    choices = {one.pk: one for one in found}
    by_default = cache(_by_default)
    return {
        person: _wishes(person, zone, choices.get(person), regards.get(person))
        if person in choices or person in regards
        else by_default(zone)
        for person, zone in _ZONES.ask(people)
    }


def _by_default(zone: str) -> Wishes | None:
    """What those wish who have chosen nothing: of a hundred thousand they are most."""
    return _wishes(None, zone)


def _regards(people: Collection[int]) -> Mapping[int, Regards]:
    found: dict[int, dict[Regard.How, set[int]]] = {}
    for person, other, how in _REGARDS.ask(people):
        found.setdefault(person, defaultdict(set))[Regard.How(how)].add(other)
    return found


def _wishes(
    person: int | None, zone: str, chosen: Preferences | None = None, regards: Regards | None = None
) -> Wishes | None:
    preferences, regards = chosen or Preferences(), regards or {}
    try:
        return Wishes(
            channels=read_choices(preferences.choices),
            muted_until=preferences.muted_until,
            muted_people=frozenset(regards.get(Regard.How.MUTED, ())),
            schedule=read_schedule(preferences.quiet),
            zone=ZoneInfo(zone or settings.TIME_ZONE),
            lets_urgent_through=preferences.lets_urgent_through,
            lets_through=frozenset(regards.get(Regard.How.THROUGH, ())),
            wants_mail=not preferences.is_mail_off,
        )
    except BROKEN:
        # Or a zone that the system has forgotten.
        logger.exception("The preferences of person %s cannot be understood", person)
        return None


_ZONES = Question(lambda people: User.objects.filter(pk__in=people).values_list("pk", "time_zone"))
_CHOSEN = [field.attname for field in Preferences._meta.concrete_fields]
_CHOICES = Question(lambda people: Preferences.objects.filter(pk__in=people).values_list(*_CHOSEN))
_REGARDS = Question(
    lambda people: Regard.objects.filter(person__in=people).values_list("person", "other", "how")
)
