"""What time it is by the database's clock, which numbers the seconds of all that is measured. A
machine whose own clock is wrong shows the same boards as any other."""

import time

from dashboard.measuring.clock import Clock

clock = Clock()
"""That of this process. Its reporter keeps it right."""


def now() -> float:
    """Return the time in Unix seconds: by the machine's clock for as long as nobody has asked
    the database."""
    return clock.now(time.monotonic()) if clock.is_set else time.time()
