"""Which series there are, and under which number each is stored."""

import hashlib
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.db import transaction

from dashboard.models import Measures, Series

Labels = tuple[tuple[str, str], ...]
MOST_AT_ONCE = 500
FULL_SECONDS = 30.0
"""For so long nobody asks again whether there is room for a source that has none."""
KNOWN_SECONDS = 60.0
"""For so long a number is known without asking: a series may have been deleted meanwhile."""


class SeriesKey(NamedTuple):
    """By which a series is known: labels sorted by name, and the source it came by, if any."""

    name: str
    labels: Labels = ()
    source: int | None = None


class Described(NamedTuple):
    """A series with what its numbers mean, and who makes it where it is new: by which token, which
    may make so many, if that is not as many as there is room for."""

    key: SeriesKey
    kind: str
    unit: str = ""
    token: int | None = None
    most: int | None = None


class Maker(NamedTuple):
    """Who makes series: a source, or we ourselves; or one of its tokens, which may make so many."""

    source: int | None
    token: int | None = None
    most: int | None = None


class TooManySeries(Exception):
    """There is no room for these series. Nothing was made."""

    def __init__(self, keys: Sequence[SeriesKey]) -> None:
        super().__init__(f"no room for {len(keys)} more series, such as {keys[0].name}")
        self.keys = keys


class _Known:
    """What is known for a while: numbers of series, and sources and their tokens that have no room
    for more."""

    def __init__(self) -> None:
        self.numbers: dict[SeriesKey, int] = {}
        self.full: dict[Maker, float] = {}
        self.since = time.monotonic()

    def is_full(self, maker: Maker) -> bool:
        """Whether all series of a source are known, and there is room for none beside them."""
        return time.monotonic() < self.full.get(maker, 0.0)


_known = _Known()


def key_of(name: str, labels: dict[str, str], source: int | None = None) -> SeriesKey:
    """Return the key of a series."""
    return SeriesKey(name, tuple(sorted(labels.items())), source)


def series_for(wanted: Iterable[Described]) -> dict[SeriesKey, int]:
    """Return the numbers of series, which are made where they are new.

    Raises TooManySeries, naming those for which there is no room.
    """
    if time.monotonic() - _known.since > KNOWN_SECONDS:
        forget()
    # As it is now: another thread may begin to know nothing.
    known = _known
    described = {one.key: one for one in wanted}
    if unknown := [one for key, one in described.items() if key not in known.numbers]:
        # Whoever sends too many names sends them every second, and that is to cost nothing.
        _refuse_where_full(known, unknown)
        digests = {_digest(one.key): one for one in unknown}
        _learn(known, digests)
        if new := _with_room(known, _missing(known, digests)):
            _make(known, new)
            _learn(known, new)
    return {key: known.numbers[key] for key in described}


def forget() -> None:
    """Know no series any more, and look them up anew: their rows may have gone."""
    global _known
    _known = _Known()


def _learn(known: _Known, digests: dict[str, Described]) -> None:
    names = list(digests)
    for start in range(0, len(names), MOST_AT_ONCE):
        found = Series.objects.filter(key__in=names[start : start + MOST_AT_ONCE])
        for digest, pk in found.values_list("key", "pk"):
            known.numbers[digests[digest].key] = pk


def _missing(known: _Known, digests: dict[str, Described]) -> dict[str, Described]:
    return {digest: one for digest, one in digests.items() if one.key not in known.numbers}


def _with_room(known: _Known, new: dict[str, Described]) -> dict[str, Described]:
    """Return the new ones that are still unknown. Asked before the lock that all who store wait
    for: whoever has no room holds nobody up."""
    for maker in {maker for one in new.values() for maker in _makers(one)}:
        if _room(maker) <= 0:
            _note_full(known, maker)
    new = _missing(known, new)
    _refuse_where_full(known, new.values())
    return new


def _make(known: _Known, new: dict[str, Described]) -> None:
    with transaction.atomic():
        # One at a time, so that two who have room for one series each do not make two.
        Measures.objects.select_for_update().get(pk=Measures.current().pk)
        _learn(known, new)
        missing = _missing(known, new)
        _check_room(list(missing.values()))
        Series.objects.bulk_create(
            Series(
                key=digest,
                source=one.key.source,
                token=one.token,
                name=one.key.name,
                labels=dict(one.key.labels),
                kind=one.kind,
                unit=one.unit,
            )
            for digest, one in missing.items()
        )


def _refuse_where_full(known: _Known, unknown: Iterable[Described]) -> None:
    if homeless := [one.key for one in unknown if any(map(known.is_full, _makers(one)))]:
        raise TooManySeries(homeless)


def _check_room(new: Sequence[Described]) -> None:
    beyond = list(new[max(0, _room(Maker(None))) :])
    for maker in {maker for one in new for maker in _makers(one)} - {Maker(None)}:
        of_maker = [one for one in new if maker in _makers(one)]
        beyond += of_maker[max(0, _room(maker)) :]
    if beyond:
        raise TooManySeries([one.key for one in dict.fromkeys(beyond)])


def _makers(one: Described) -> list[Maker]:
    """Return all who must have room for a series."""
    source = one.key.source
    by_source = [Maker(source)]
    return by_source if one.most is None else [*by_source, Maker(source, one.token, one.most)]


def _room(maker: Maker) -> int:
    """Return how many more series somebody may make."""
    room: int = settings.MAX_SERIES - Series.objects.count()
    if maker.most is not None:
        return min(room, maker.most - Series.objects.filter(token=maker.token).count())
    if maker.source is None:
        return room
    there = Series.objects.filter(source=maker.source).count()
    own: int = settings.MAX_SERIES_PER_SOURCE - there
    return min(room, own)


def _note_full(known: _Known, maker: Maker) -> None:
    """Learn all series of a source, so that any other name is refused without a question."""
    source = maker.source
    rows = Series.objects.filter(source=source).values_list("name", "labels", "pk")
    known.numbers.update({key_of(name, labels, source): pk for name, labels, pk in rows})
    known.full[maker] = time.monotonic() + FULL_SECONDS


def _digest(key: SeriesKey) -> str:
    told = msgspec.json.encode([key.source, key.name, key.labels])
    return hashlib.blake2b(told, digest_size=16).hexdigest()
