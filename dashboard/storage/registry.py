"""Which series there are, and under which number each is stored."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.db import transaction

from dashboard.models import Measures, Series

Labels = tuple[tuple[str, str], ...]
MOST_AT_ONCE = 500


class SeriesKey(NamedTuple):
    """By which a series is known: labels sorted by name, and the source it came by, if any."""

    name: str
    labels: Labels = ()
    source: int | None = None


class Described(NamedTuple):
    """A series with what its numbers mean."""

    key: SeriesKey
    kind: str
    unit: str = ""


class TooManySeries(Exception):
    """There is no room for these series. Nothing was made."""

    def __init__(self, keys: Sequence[SeriesKey]) -> None:
        super().__init__(f"no room for {len(keys)} more series, such as {keys[0].name}")
        self.keys = keys


_known: dict[SeriesKey, int] = {}


def key_of(name: str, labels: dict[str, str], source: int | None = None) -> SeriesKey:
    """Return the key of a series."""
    return SeriesKey(name, tuple(sorted(labels.items())), source)


def series_for(wanted: Iterable[Described]) -> dict[SeriesKey, int]:
    """Return the numbers of series, which are made where they are new.

    Raises TooManySeries, naming those for which there is no room.
    """
    # As it is now: another thread may begin to know nothing.
    known = _known
    described = {one.key: one for one in wanted}
    if unknown := [one for key, one in described.items() if key not in known]:
        digests = {_digest(one.key): one for one in unknown}
        _learn(known, digests)
        if new := {digest: one for digest, one in digests.items() if one.key not in known}:
            _make(new)
            _learn(known, new)
    return {key: known[key] for key in described}


def forget() -> None:
    """Know no series any more, and look them up anew: their rows may have gone."""
    global _known
    _known = {}


def _learn(known: dict[SeriesKey, int], digests: dict[str, Described]) -> None:
    names = list(digests)
    for start in range(0, len(names), MOST_AT_ONCE):
        found = Series.objects.filter(key__in=names[start : start + MOST_AT_ONCE])
        for digest, pk in found.values_list("key", "pk"):
            known[digests[digest].key] = pk


def _make(new: dict[str, Described]) -> None:
    with transaction.atomic():
        # One at a time, so that two who have room for one series each do not make two.
        Measures.objects.select_for_update().get(pk=Measures.current().pk)
        there = set(Series.objects.filter(key__in=list(new)).values_list("key", flat=True))
        missing = {digest: one for digest, one in new.items() if digest not in there}
        _check_room([one.key for one in missing.values()])
        Series.objects.bulk_create(
            Series(
                key=digest,
                source=one.key.source,
                name=one.key.name,
                labels=dict(one.key.labels),
                kind=one.kind,
                unit=one.unit,
            )
            for digest, one in missing.items()
        )


def _check_room(keys: list[SeriesKey]) -> None:
    refused = keys[max(0, settings.MAX_SERIES - Series.objects.count()) :]
    for source in {key.source for key in keys} - {None}:
        of_source = [key for key in keys if key.source == source]
        room = settings.MAX_SERIES_PER_SOURCE - Series.objects.filter(source=source).count()
        refused += of_source[max(0, room) :]
    if refused:
        raise TooManySeries(refused)


def _digest(key: SeriesKey) -> str:
    told = msgspec.json.encode([key.source, key.name, key.labels])
    return hashlib.blake2b(told, digest_size=16).hexdigest()
