"""Streams: the database is the log.

A stream is a row with a counter, `rev`. Whatever changes rows of a stream takes the next rev
under that row's lock, in the same transaction as the change, and stamps it on each row that it
changed. So revs commit in order and without holes, and "all rows with rev > cursor" is exactly
what a client with that cursor has missed: edits and tombstones as well as new rows. The log needs
no second table, and it is compact by construction: a row stands in it once, as it is now.
"""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, ClassVar

from django.db import connection, models, transaction

from realtime_project.live.publish import publish
from realtime_project.live.statements import AnyField, Question, Rows, named, placeholders


class Stream(models.Model):
    """A row that numbers what happens to the rows which belong to it."""

    kind: ClassVar[str]

    rev = models.BigIntegerField(default=0, editable=False)
    # A cursor below it cannot be caught up with: rows with such revs may be gone for good.
    floor = models.BigIntegerField(default=0, editable=False)

    # Where in the order of locks it comes. Whoever waits for a room's row must not hold what others
    # need elsewhere meanwhile: the wider a lock is felt, the later it is taken.
    lock_order: ClassVar[int] = 0

    # Further counters of a stream, moved together with `rev`.
    counters: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store everything but the counters: they move through `advance` only, and a copy that
        was read a moment ago would set them back."""
        if not self._state.adding:
            named = kwargs.get("update_fields") or {f.name for f in self._meta.concrete_fields}
            kwargs["update_fields"] = set(named) - {
                self._meta.pk.name,
                "rev",
                "floor",
                *self.counters,
            }
        super().save(*args, **kwargs)

    @property
    def key(self) -> str:
        """The name of this stream within the hub, such as `room:7`."""
        return f"{self.kind}:{self.pk}"


class StreamRow(models.Model):
    """A row that belongs to a stream and carries the rev of its last change."""

    rev = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Step:
    """How far to move one stream: `by` revs, and each named counter by its number. With
    `reads_all` the object gets the rest of its row too, as it is under the lock."""

    stream: Stream
    by: int = 1
    counters: dict[str, int] = field(default_factory=dict)
    reads_all: bool = False


def advance(*steps: Step) -> None:
    """Move streams on, and with them the counters of the objects given.

    All streams that a transaction moves go into one call: the locks are taken in one order, so
    that two transactions never wait for each other in a circle.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("advance() belongs into the transaction that changes the rows")
    in_order = sorted(steps, key=_place_in_order)
    for (model, amounts, reads_all), alike in groupby(in_order, _movement):
        streams = {step.stream.pk: step.stream for step in alike}
        _lock_in_order(model, list(streams))
        _move(model, dict(amounts), streams, reads_all=reads_all)


def purge(stream: Stream, *rows: models.QuerySet[Any]) -> None:
    """Delete rows of a stream for good: the only way by which rows leave one. It takes a rev and
    makes it the floor, so that every client that may hold such a row starts afresh."""
    with transaction.atomic():
        step = Step(stream)
        advance(step)
        for queryset in rows:
            queryset.delete()
        begin_afresh(step)


def begin_afresh(step: Step, *, head: bytes | None = None) -> None:
    """Make the rev that a step has reached the floor of its stream, and tell every client to load
    the state: for what cannot be told row by row. Within the caller's transaction."""
    stream = step.stream
    type(stream)._default_manager.filter(pk=stream.pk).update(floor=stream.rev)
    stream.floor = stream.rev
    publish(step, head=head, reset=True)


def _place_in_order(step: Step) -> tuple[int, str, Any]:
    return step.stream.lock_order, step.stream.kind, step.stream.pk


def _movement(step: Step) -> tuple[type[Stream], tuple[tuple[str, int], ...], bool]:
    """What streams have in common that one statement can move."""
    amounts = (("rev", step.by), *sorted(step.counters.items()))
    return type(step.stream), amounts, step.reads_all


def _lock_in_order(model: type[Stream], keys: list[Any]) -> None:
    if len(keys) > 1 and connection.features.has_select_for_update:
        # An UPDATE of many rows locks them in whichever order it finds them.
        _rows_in_order(model).ask(keys)


@cache
def _rows_in_order(model: type[Stream]) -> Question:
    rows = model._default_manager.select_for_update(no_key=True).order_by("pk")
    return Question(lambda keys: rows.filter(pk__in=keys).values_list("pk"))


def _move(
    model: type[Stream], amounts: dict[str, int], streams: dict[Any, Stream], *, reads_all: bool
) -> None:
    fields, rows = _read_under_lock(model, reads_all)
    sql = _moving(model, tuple(amounts), len(streams), reads_all)
    for row in rows.read(sql, [*amounts.values(), *streams]):
        moved = dict(zip([field.attname for field in fields], row, strict=True))
        stream = streams.pop(moved[model._meta.pk.attname])
        for name, value in moved.items():
            setattr(stream, name, value)
    for stream in streams.values():
        raise model.DoesNotExist(f"{stream.key} is gone")


@cache
def _read_under_lock(model: type[Stream], reads_all: bool) -> tuple[list[AnyField], Rows]:
    # All counters are read, also those that stay: what was read before the lock may be old.
    read = {"rev", "floor", *model.counters, model._meta.pk.name}
    fields = [one for one in model._meta.concrete_fields if reads_all or one.name in read]
    return fields, Rows(one.cached_col for one in fields)


@lru_cache(maxsize=500)
def _moving(model: type[Stream], counters: tuple[str, ...], count: int, reads_all: bool) -> str:
    quote, meta = connection.ops.quote_name, model._meta
    fields, _rows = _read_under_lock(model, reads_all)
    sets = ", ".join(f"{quote(name)} = {quote(name)} + %s" for name in counters)
    # UPDATE … RETURNING takes the lock and reads the new numbers in one round trip.
    return (
        f"UPDATE {quote(meta.db_table)} SET {sets} "  # noqa: S608 (names come from the models)
        f"WHERE {named([meta.pk])} IN ({placeholders(count)}) RETURNING {named(fields)}"
    )
