"""The installation's own lines: out of the queue of this process, into the log."""

import time
from functools import partial

from dashboard.logs.handler import Written, queue
from dashboard.logs.lines import MAX_NAME, Line, tidy
from dashboard.logs.storing import redaction, store
from dashboard.models.ingest import OWN
from realtime_project.live.database import AWAY

MOST_AT_ONCE = 2_000


def keep(origin: str) -> bool:
    """Keep what was logged in this process, as much as is done at once; returns whether there is
    more. Off the event loop. What it logs itself is not kept."""
    with queue.keeping():
        lines = queue.take(MOST_AT_ONCE)
        if dropped := queue.take_dropped():
            lines.append(_told_dropped(dropped))
        try:
            store(map(partial(_line, origin), lines), origin=origin)
        except AWAY:
            # Kept when the database is back, as many as there is room for until then.
            queue.put_back(lines)
            return False
    return len(lines) >= MOST_AT_ONCE


def _line(origin: str, written: Written) -> Line:
    return Line(
        at=written.at,
        level=written.level,
        source=OWN,
        origin=origin,
        logger=written.logger[:MAX_NAME],
        text=redaction.clean(tidy(written.text)),
    )


def _told_dropped(count: int) -> Written:
    return Written(time.time(), "warning", __name__, f"{count} lines were dropped here")
