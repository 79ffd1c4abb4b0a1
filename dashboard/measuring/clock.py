"""The clock by which a process numbers its seconds: the database's, carried forward with the
monotonic one. Pure: whoever asks says what the monotonic clock shows."""

SLEW = 0.1
"""By how much of the time that passes it is moved towards a database whose clock was set."""
FAR_SECONDS = 60.0
LATE_SECONDS = 3
"""So many seconds may have ended before somebody looks."""


class Clock:
    """Never stands still and never goes back, so that each second comes once and in its turn.

    A database whose clock was set by up to a minute is approached by a tenth of the time that
    passes. Beyond that it is believed at once: somebody's clock was wrong, or the machine slept.
    """

    def __init__(self) -> None:
        self._offset: float | None = None
        self._wanted = 0.0
        self._asked = 0.0
        self.steps_back = 0
        """How often it was set back at once: a second that comes again is another one then."""

    @property
    def is_set(self) -> bool:
        return self._offset is not None

    def learn(self, database: float, monotonic: float) -> None:
        """Learn what the database's clock shows, in Unix seconds, and when that was."""
        self._wanted = database - monotonic
        if self._offset is None or abs(self._wanted - self._offset) > FAR_SECONDS:
            if self._offset is not None and self._wanted < self._offset:
                self.steps_back += 1
            self._offset, self._asked = self._wanted, monotonic

    def now(self, monotonic: float) -> float:
        """Return the time in Unix seconds; before the clock was set there is none."""
        if self._offset is None:
            raise RuntimeError("the clock has not been set")
        passed = max(0.0, monotonic - self._asked)
        self._asked = max(self._asked, monotonic)
        missing = self._wanted - self._offset
        self._offset += max(-SLEW * passed, min(SLEW * passed, missing))
        return monotonic + self._offset


class Seconds:
    """Tells each second that has ended, once and in its turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._steps_back = 0

    def ended(self, monotonic: float) -> range:
        """Return the seconds that have ended and were not told before, in their order.

        Whoever looks late, because an event loop had too much to do, is told of each: the first
        has all that has happened, for a loop that is held up counts nothing. Of what is longer
        ago than that nobody knows anything, and the last one alone is told.
        """
        if not self._clock.is_set:
            return range(0)
        second = int(self._clock.now(monotonic)) - 1
        if self._clock.steps_back != self._steps_back:
            self._steps_back, self._last = self._clock.steps_back, 0
        first = self._last + 1
        if second - first >= LATE_SECONDS:
            first = second
        self._last = max(self._last, second)
        return range(first, second + 1)

    def until_next(self, monotonic: float) -> float:
        """Return how long it takes until the next one has ended, about."""
        if not self._clock.is_set:
            return 1.0
        return 1.0 - self._clock.now(monotonic) % 1.0
