"""Storing many rows of one model with one statement that is built once."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from django.db import connection, models

from realtime_project.live.statements import AnyField, Rows, named, placeholders, stored


def insert(objects: Sequence[models.Model]) -> None:
    """Store new objects of one model, and give them their keys."""
    insertion = _inserting_all_of(type(objects[0]))
    columns = [[getattr(one, name) for one in objects] for name in insertion.attributes]
    for one, key in zip(objects, insertion.store_columns(columns), strict=True):
        one.pk = key
        one._state.adding, one._state.db = False, connection.alias


class Insertion:
    """An INSERT into some columns of a model, of rows that are tuples.

    With `unique`, a row that is there already with the same values in these columns stays as it
    is, or takes the new values of the columns in `replaces`. JSON is given as text.
    """

    def __init__(
        self,
        model: type[models.Model],
        names: Sequence[str],
        *,
        unique: Sequence[str] = (),
        replaces: Sequence[str] = (),
    ) -> None:
        self._model = model
        self._fields = [_field(model, name) for name in names]
        self._conflict = [_field(model, name) for name in unique]
        self._replaced = [_field(model, name) for name in replaces]
        self._from_rows = lru_cache(maxsize=200)(self._rows)
        self._from_arrays = lru_cache(maxsize=200)(self._arrays)
        self._key = Rows([model._meta.pk.cached_col])

    @property
    def attributes(self) -> list[str]:
        """The names of what is stored, as an object has it."""
        return [field.attname for field in self._fields]

    def store(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """Store rows; returns the keys of those that were stored or replaced."""
        return self.store_columns(list(zip(*rows, strict=True))) if rows else []

    def store_columns(self, columns: Sequence[Sequence[Any]]) -> list[Any]:
        """Store rows that are given column by column."""
        columns = [stored(column) for column in columns]
        is_postgres = connection.vendor == "postgresql"
        sql, values = self._as_arrays(columns) if is_postgres else self._as_rows(columns)
        return [key for (key,) in self._key.read(sql, values)]

    def _as_rows(self, columns: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
        values = list(chain.from_iterable(zip(*columns, strict=True)))
        return self._from_rows(len(columns[0])), values

    def _as_arrays(self, columns: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
        # What all rows share is sent once. The first column says how many rows there are.
        shared = (False, *(column.count(column[0]) == len(column) for column in columns[1:]))
        values = [
            column[0] if is_shared else column
            for column, is_shared in zip(columns, shared, strict=True)
        ]
        return self._from_arrays(shared), values

    def _rows(self, count: int) -> str:
        row = f"({placeholders(len(self._fields))})"
        return self._sql(f"VALUES {', '.join([row] * count)}")

    def _arrays(self, shared: tuple[bool, ...]) -> str:
        # One array a column: to write and to read hundreds of values one by one takes twice as
        # long. A type without its length, because a cast would cut silently what is too long.
        types = [str(field.db_type(connection)).partition("(")[0] for field in self._fields]
        columns = [
            f"(%s)::{one}" if is_shared else f"UNNEST((%s)::{one}[])"
            for one, is_shared in zip(types, shared, strict=True)
        ]
        return self._sql(f"SELECT {', '.join(columns)}")

    def _sql(self, source: str) -> str:
        table = connection.ops.quote_name(self._model._meta.db_table)
        key = named([self._model._meta.pk])
        return (
            f"INSERT INTO {table} ({named(self._fields)}) {source} "
            f"{self._on_conflict()} RETURNING {key}"
        )

    def _on_conflict(self) -> str:
        if not self._conflict:
            return ""
        columns = [named([field]) for field in self._replaced]
        moves = ", ".join(f"{one} = EXCLUDED.{one}" for one in columns)
        instead = f"UPDATE SET {moves}" if moves else "NOTHING"
        return f"ON CONFLICT ({named(self._conflict)}) DO {instead}"


@cache
def _inserting_all_of(model: type[models.Model]) -> Insertion:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return Insertion(model, [field.name for field in fields])


def _field(model: type[models.Model], name: str) -> AnyField:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column")
    return field
