"""What keeps the log readable."""

import logging

PAUSE_SECONDS = 60.0


class Seldom(logging.Filter):
    """Lets the same message of the same logger through once a minute: a broker that is away would
    otherwise be told of, with a traceback, every second."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        what = (record.name, str(record.msg))
        is_due = record.created - self._last.get(what, 0) >= PAUSE_SECONDS
        if is_due:
            self._last[what] = record.created
        return is_due
