"""A connection to PostgreSQL that does not wait for ever.

A network that swallows packets, and a server that was stopped, answer nothing and close nothing.
A thread that waits for them would be lost, and the process has few.
"""

from typing import Any, ClassVar

import psycopg
from psycopg.errors import _WaitTimeout


class ImpatientConnection(psycopg.Connection[Any]):
    """Gives a connection up when an answer does not come in time.

    Only where people wait: a migration may take as long as it needs.
    """

    answer_seconds: ClassVar[float | None] = None

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("timeout", self.answer_seconds)
        try:
            return super().wait(gen, *args, **kwargs)
        except _WaitTimeout as error:
            # The answer may still come, and would be taken for that to the next question. What else
            # waits in the pool is as old, and would be tried one after the other, each as long.
            if pool := getattr(self, "_pool", None):
                pool.drain()
            self.close()
            raise psycopg.OperationalError("the database did not answer in time") from error
