"""What is asked of the database a thousand times a second.

Django builds a query anew whenever it is asked, and a model instance for each row: of a small
query that is nearly all it costs. Here Django builds it once; then it is only executed, and rows
are tuples. What is asked less often is asked through QuerySets, which say more.

All of it is kept for the process, because an installation has one database.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from operator import attrgetter
from typing import Any, TypeAlias
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.expressions import Expression

Values = Collection[Any]
AnyField: TypeAlias = "models.Field[Any, Any]"


class Question:
    """A SELECT that Django builds once, asked again with other values.

    `build` returns a `values_list`. It gets collections to filter by with `__in`, in the order in
    which their values stand in the SQL.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]]) -> None:
        self._build = build
        self._built: tuple[list[str], Rows] | None = None

    def ask(self, *values: Values) -> list[tuple[Any, ...]]:
        """Return the rows for these values: none where there is nothing to choose from."""
        if not all(values):
            return []
        if self._built is None:
            self._built = self._compile([[next(iter(some))] for some in values])
        parts, rows = self._built
        lists = [placeholders(len(some)) for some in values]
        sql = "".join(chain.from_iterable(zip(parts, [*lists, ""], strict=True)))
        return rows.read(sql, stored(chain.from_iterable(values)))

    def _compile(self, examples: Sequence[Values]) -> "tuple[list[str], Rows]":
        compiler = self._build(*examples).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        # Every list of one value is one placeholder: the SQL is cut where they stand.
        if list(params) != stored(chain.from_iterable(examples)):
            raise RuntimeError("The values of a question stand in its SQL in the order given")
        return sql.split("%s"), Rows(selected for selected, _sql, _alias in compiler.select)


class Due:
    """Whether there is a row whose time has come, asked many times a second: a twentieth of what
    a transaction costs that finds none.

    `build` returns a QuerySet of such rows, given the time that it is.
    """

    _EXAMPLE = datetime(2000, 1, 1, tzinfo=UTC)

    def __init__(self, build: Callable[[datetime], models.QuerySet[Any]]) -> None:
        self._build = build
        self._built: tuple[str, tuple[Any, ...]] | None = None

    def at(self, now: datetime) -> bool:
        """Return whether there is one by now."""
        if self._built is None:
            rows = self._build(self._EXAMPLE).order_by().values_list("pk")[:1]
            self._built = rows.query.get_compiler(connection=connection).as_sql()
        sql, params = self._built
        example, then = stored([self._EXAMPLE, now])
        with connection.cursor() as cursor:
            cursor.execute(sql, [then if one == example else one for one in params])
            return cursor.fetchone() is not None


class Rows:
    """Rows of some columns. A database gives some types in words of its own, and Django knows how
    to convert them; most columns are taken as they come."""

    def __init__(self, columns: Iterable[Expression]) -> None:
        self._foreign = {place: one for place, one in enumerate(columns) if _converters(one)}

    def read(self, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Execute a statement that returns these columns."""
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        return _converted(rows, self._foreign) if self._foreign else rows


def stored(values: Iterable[Any]) -> list[Any]:
    """Return numbers, texts, UUIDs and moments as the database stores them."""
    here = connections[DEFAULT_DB_ALIAS]
    words: dict[type, Callable[[Any], Any]] = {datetime: here.ops.adapt_datetimefield_value}
    if not here.features.has_native_uuid_field:
        words[UUID] = attrgetter("hex")
    return [words[type(one)](one) if type(one) in words else one for one in values]


def placeholders(count: int) -> str:
    """Return what stands in SQL for a list of so many values."""
    return ", ".join(["%s"] * count)


def named(fields: Iterable[AnyField]) -> str:
    """Return the columns of fields, as they stand in SQL."""
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)


def _converted(
    rows: list[tuple[Any, ...]], columns: Mapping[int, Expression]
) -> list[tuple[Any, ...]]:
    # Asked anew each time: converters belong to a connection, and each thread has its own.
    here = connections[DEFAULT_DB_ALIAS]
    lists = [list(row) for row in rows]
    for place, column in columns.items():
        for convert in _converters(column):
            for values in lists:
                values[place] = convert(values[place], column, here)
    return [tuple(values) for values in lists]


def _converters(column: Expression) -> list[Callable[[Any, Any, Any], Any]]:
    here = connections[DEFAULT_DB_ALIAS]
    return here.ops.get_db_converters(column) + column.get_db_converters(here)
