"""Streams: the database is the log.

A stream is a row with a counter, `rev`. Whatever changes rows of a stream takes the next rev
under that row's lock, in the same transaction as the change, and stamps it on each row that it
changed. So revs commit in order and without holes, and "all rows with rev > cursor" is exactly
what a client with that cursor has missed: edits and tombstones as well as new rows. The log needs
no second table, and it is compact by construction: a row stands in it once, as it is now.
"""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, ClassVar

from django.db import connection, models, transaction

from realtime_project.live.publish import publish


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
        rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=keys)
        list(rows.order_by("pk").values_list("pk"))


def _move(
    model: type[Stream], amounts: dict[str, int], streams: dict[Any, Stream], *, reads_all: bool
) -> None:
    quote = connection.ops.quote_name
    # All counters are read, also those that stay: what was read before the lock may be old.
    read = {"rev", "floor", *model.counters, model._meta.pk.name}
    fields = [one for one in model._meta.concrete_fields if reads_all or one.name in read]
    sets = ", ".join(f"{quote(name)} = {quote(name)} + %s" for name in amounts)
    keys = ", ".join(["%s"] * len(streams))
    names = ", ".join(quote(field.column) for field in fields)
    # UPDATE … RETURNING takes the lock and reads the new numbers in one round trip.
    sql = (
        f"UPDATE {quote(model._meta.db_table)} SET {sets} "  # noqa: S608 (names come from the models)
        f"WHERE {quote(model._meta.pk.column)} IN ({keys}) RETURNING {names}"
    )
    for moved in model._default_manager.raw(sql, [*amounts.values(), *streams]):
        stream = streams.pop(moved.pk)
        for column in fields:
            setattr(stream, column.attname, getattr(moved, column.attname))
    for stream in streams.values():
        raise model.DoesNotExist(f"{stream.key} is gone")
