"""Empties the database after a test whose writes were committed.

Django's own way is for any database and any app: it looks up the tables, truncates them and makes
every type of content and every permission anew, which takes longer than most of these tests do.
Both of those stay here; nothing else does.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier

from django.db import DEFAULT_DB_ALIAS, connections
from django.test import TransactionTestCase

SECONDS = 60
KEPT = {"django_content_type", "auth_permission"}


def empty_fast() -> None:
    """Have the tests do it this way."""
    TransactionTestCase._fixture_teardown = lambda case: empty()  # type: ignore[attr-defined]


def empty() -> None:
    settle()
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ops.execute_sql_flush([*statements()])


def settle() -> None:
    """Wait until the threads of the hot path have finished what this test left them to do.

    Between two tests pytest-django has `ensure_connection` fail. A thread that comes by there just
    then keeps a connection on which Django believes that somebody else began a transaction, and
    what the next test writes on it is never committed.
    """
    from realtime_project.live.database import THREADS, _readers, _writers

    for threads in (_readers, _writers):
        _wait_for_all(threads, THREADS)


def _wait_for_all(threads: ThreadPoolExecutor, count: int) -> None:
    all_here = Barrier(count + 1)
    for _ in range(count):
        threads.submit(all_here.wait, SECONDS)
    all_here.wait(SECONDS)


@cache
def statements() -> tuple[str, ...]:
    connection = connections[DEFAULT_DB_ALIAS]
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [connection.ops.quote_name(name) for name in sorted({*names} - KEPT)]
    deletions = [f"DELETE FROM {table}" for table in tables]  # noqa: S608 (quoted, and our own)
    if connection.vendor != "postgresql":
        return tuple(deletions)
    # Locked first: what a thread is writing just now goes as well. And nobody checks, row by row,
    # what else refers to it.
    lock = f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE"
    return ("; ".join([lock, "SET LOCAL session_replication_role = replica", *deletions]),)
