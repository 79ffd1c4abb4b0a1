"""The handler by which the installation's own lines come into the log view.

It is called wherever something is logged, the event loop included, and does nothing there but put
a line at the end of a queue. It takes no lock, never waits and never logs; when the queue is full,
lines are counted and dropped. Somebody else takes them out (`own.py`).
"""

import logging
import threading
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

MAX_LINES = 5_000
MAX_TEXT = 8 * 1024
MAX_TRACEBACK = 6 * 1024

_LEVELS = (
    (logging.CRITICAL, "critical"),
    (logging.ERROR, "error"),
    (logging.WARNING, "warning"),
    (logging.INFO, "info"),
)


class Written(NamedTuple):
    """One line as it was logged, not looked at for secrets yet."""

    at: float
    level: str
    logger: str
    text: str


class Queue:
    """Lines that wait to be kept. A deque's ends are atomic, so that no lock is needed."""

    def __init__(self, most: int = MAX_LINES) -> None:
        self._most = most
        self._lines: deque[Written] = deque()
        self._here = threading.local()
        self.dropped = 0

    def put(self, line: Written) -> None:
        """Add a line, unless there is no room for it."""
        # What is logged while lines are stored would be stored, and logged, without an end.
        if getattr(self._here, "is_keeping", False):
            return
        if len(self._lines) >= self._most:
            self.dropped += 1
        else:
            self._lines.append(line)

    def take(self, most: int) -> list[Written]:
        """Take the oldest lines out."""
        return [self._lines.popleft() for _ in range(min(most, len(self._lines)))]

    def put_back(self, lines: list[Written]) -> None:
        """Put lines back that could not be kept, before those that came meanwhile. Where there is
        not room for all, the oldest are dropped."""
        room = max(0, self._most - len(self._lines))
        kept = lines[len(lines) - room :] if room < len(lines) else lines
        self.dropped += len(lines) - len(kept)
        self._lines.extendleft(reversed(kept))

    def take_dropped(self) -> int:
        """Return how many were dropped since this was asked last."""
        dropped, self.dropped = self.dropped, 0
        return dropped

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Put nothing into the queue that this thread logs within."""
        self._here.is_keeping = True
        try:
            yield
        finally:
            self._here.is_keeping = False


queue = Queue()


class LogViewHandler(logging.Handler):
    """Puts what is logged into the queue."""

    def createLock(self) -> None:
        # Without one logging takes none, and nobody can wait for who holds it.
        self.lock = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            queue.put(Written(record.created, _level(record), record.name, _text(record)))
        except Exception:  # noqa: BLE001 (whoever logs must not fail by it, nor log that)
            queue.dropped += 1


def _level(record: logging.LogRecord) -> str:
    return next((name for least, name in _LEVELS if record.levelno >= least), "debug")


def _text(record: logging.LogRecord) -> str:
    text = record.getMessage()[:MAX_TEXT]
    if record.exc_info and record.exc_info[1]:
        told = "".join(traceback.format_exception(record.exc_info[1], limit=20)).rstrip()
        # Its end says what happened.
        text += f"\n{told[-MAX_TRACEBACK:]}"
    return text
