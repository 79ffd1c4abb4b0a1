"""How much may be computed for one board at once, and for how many boards."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from django.utils.translation import gettext as _

from dashboard.boards.body import Refused
from dashboard.boards.spans import SLOTS
from realtime_project.live.codes import ErrorCode, LiveError

MOST_VALUES = 2_000_000
"""Of the series of all panels, step by step: what one thread reads and looks at in two to four
seconds."""
MOST_OF_A_PANEL = 1_000_000
"""That of a full source for a quarter of an hour; held in memory at once."""
AT_ONCE = 250_000
"""Panels with so many values together are read at once."""
FEW = 100_000
"""Who wants no more need not wait for their turn."""
PATIENCE_SECONDS = 10.0

_turn = Lock()


def check(meant: Sequence[int], steps: int = SLOTS) -> None:
    """Raise Refused where panels mean too many series for so many steps: by themselves, those of
    a quarter of an hour."""
    if not all(affordable(meant, steps)):
        raise Refused(
            "panels",
            _("Its queries mean %(series)s series: too many for %(steps)s steps at once.")
            % {"series": sum(meant), "steps": steps},
        )


def affordable(meant: Iterable[int], steps: int) -> list[bool]:
    """Return of each panel, by how many series it means, whether so many steps of them may be
    computed beside those of the panels before it."""
    left, fits = MOST_VALUES, []
    for series in meant:
        fits.append(series * steps <= min(MOST_OF_A_PANEL, left))
        left -= series * steps if fits[-1] else 0
    return fits


@contextmanager
def turn(values: int) -> Iterator[None]:
    """Hold the turn of a process to compute something large: of several at once each would take
    memory, and time from the event loop. Raises LiveError where it does not come."""
    if values <= FEW:
        yield
        return
    if not _turn.acquire(timeout=PATIENCE_SECONDS):
        detail = _("Other large boards are being computed. Try again in a moment.")
        raise LiveError(ErrorCode.UNAVAILABLE, detail, retry_after=PATIENCE_SECONDS)
    try:
        yield
    finally:
        _turn.release()
