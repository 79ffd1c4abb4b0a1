"""Our server with every query written down. It is slower by that: nothing else is measured then.

Run as a program it is `manage.py` with a file of queries before its arguments.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.backends.signals import connection_created

import manage
from benchmarks.machine import Command
from benchmarks.subjects.signalbox import Prepared, Signalbox

QUERIES = "queries.log"


@dataclass(frozen=True)
class Counted(Signalbox):
    """An installation whose queries are counted."""

    def queries(self, of: str = "") -> int:
        """How many queries there were so far that name this table."""
        lines = (self.installation.var / QUERIES).read_text().splitlines()
        return sum(of in line for line in lines)


@contextmanager
def counting_queries(installation: Prepared) -> Iterator[Counted]:
    log = installation.installation.var / QUERIES
    log.write_text("")
    command: Command = [sys.executable, "-m", "benchmarks.subjects.queries", log, "serve"]
    with installation.served(command=command) as server:
        yield Counted(**vars(server))


def main(log: str, *arguments: str) -> None:
    written = os.open(log, os.O_WRONLY | os.O_APPEND)

    def write_down(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        os.write(written, " ".join(sql.split()).encode() + b"\n")
        return execute(sql, *rest)

    def watch(connection: Any, **_: Any) -> None:
        if write_down not in connection.execute_wrappers:
            connection.execute_wrappers.append(write_down)

    # Not weakly: nothing else holds this function.
    connection_created.connect(watch, weak=False)
    sys.argv = ["manage.py", *arguments]
    manage.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
