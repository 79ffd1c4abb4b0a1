"""When something that failed is tried again. Pure: it is told the time and the dice."""

from datetime import datetime, timedelta

PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
JITTER = 0.2


def next_attempt(
    failed: int, now: datetime, dice: float, *, wait: timedelta = timedelta(0)
) -> datetime | None:
    """Return when to try again after so many failed attempts, or None when that was the last.

    `dice` lies in [0, 1): what failed together does not come back together. `wait` is what the
    other side has asked for, if it did.
    """
    if failed > len(PAUSES):
        return None
    pause = PAUSES[failed - 1] * (1 + JITTER * (2 * dice - 1))
    return now + max(pause, wait)
