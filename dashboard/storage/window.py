"""The window: what was measured within the last quarter of an hour, in each worker's memory.

It follows the stream of reports as any hub does: in order, each once, and what is missing is read.
Reports are kept as they came, a kilobyte each, and read when somebody asks for what they tell. What
they tell of seconds before that quarter of an hour is left out: nobody looks for it here.
"""

import asyncio
import logging
import time
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from dashboard.storage.codec import Seconds, decode_report, encode_seconds, point_of
from dashboard.storage.points import Point, merge

logger = logging.getLogger(__name__)

KEPT_SECONDS = 15 * 60
MOST_BYTES = 32 * 1024 * 1024
MOST_DECODED = 300
# Read, they take ten times as much and more.
MOST_DECODED_BYTES = 2 * 1024 * 1024
ADVANCE_SECONDS = 0.5

Changed = set[tuple[int, int]]
OnAdvance = Callable[[int, Changed], None]


@dataclass(frozen=True)
class Held:
    """One report: the seconds of which it tells, and what, as it was written down."""

    rev: int
    seconds: tuple[int, ...]
    body: bytes = field(repr=False)
    since: float


class Window:
    """Reports by their rev, and by the seconds of which they tell."""

    def __init__(self) -> None:
        self.rev = 0
        self.has_hole = False
        """Whether something is missing that does not come any more: all is to be read anew."""
        self.begun = 0
        """How often it began anew, with reports of which nobody who follows it was told."""
        self._held: OrderedDict[int, Held] = OrderedDict()
        self._by_second: dict[int, list[int]] = {}
        self._decoded: OrderedDict[int, Seconds] = OrderedDict()
        self._bytes = self._decoded_bytes = 0
        self._oldest = 0
        """The second before which nothing is held."""
        self._changed: Changed = set()
        self._callbacks: list[OnAdvance] = []
        self._timer: asyncio.TimerHandle | None = None

    def on_advance(self, callback: OnAdvance) -> None:
        """Have a function called on the loop, at most twice a second, when something has come:
        with the newest rev, and the series and seconds of which more is known."""
        self._callbacks.append(callback)

    def points(self, pks: Collection[int], start: int, end: int) -> dict[int, dict[int, Point]]:
        """Return what was measured of series from `start` on and before `end`, by series and
        second."""
        found: dict[int, dict[int, Point]] = {pk: {} for pk in pks}
        for second in self._seconds(start, end):
            for rev in self._by_second.get(second, ()):
                told = self._told_in(rev)[second]
                for pk in found.keys() & told.keys():
                    point = point_of(second, told[pk])
                    known = found[pk].get(second)
                    found[pk][second] = point if known is None else merge(known, point)
        return found

    def begin(self, rev: int, reports: Iterable[tuple[int, bytes]]) -> None:
        """Forget everything and hold these reports, which reach up to `rev`."""
        self._held.clear()
        self._by_second.clear()
        self._decoded.clear()
        self._bytes = self._decoded_bytes = self._oldest = 0
        self.has_hole = False
        self.begun += 1
        for number, body in reports:
            self._hold(number, body)
        self.rev = rev

    def add(self, rev: int, body: bytes, sent: float | None = None) -> None:
        """Take in the next report. `sent` is when a process began to store it, by the database's
        clock: by which the window knows what time it is."""
        if rev <= self.rev:
            return
        self.has_hole |= rev != self.rev + 1
        self.rev = rev
        if sent is not None:
            self._oldest = int(sent) - KEPT_SECONDS
        told = self._hold(rev, body)
        if self._callbacks and told:
            self._changed.update((pk, second) for second in told for pk in told[second])
            self._tell_soon()

    def _seconds(self, start: int, end: int) -> Sequence[int]:
        """Return those within a range of which anything is known."""
        if end - start < len(self._by_second):
            return range(start, end)
        return [second for second in self._by_second if start <= second < end]

    def _hold(self, rev: int, body: bytes) -> Seconds:
        """Hold what a report tells of the seconds that are not too old; returns that."""
        told = decode_report(body)
        if any(second < self._oldest for second in told):
            told = {second: told[second] for second in told if second >= self._oldest}
            body = encode_seconds(told)
        if told:
            self._keep(rev, tuple(told), body)
            self._remember(rev, told)
        return told

    def _keep(self, rev: int, seconds: tuple[int, ...], body: bytes) -> None:
        now = time.monotonic()
        self._held[rev] = Held(rev, seconds, body, now)
        self._bytes += len(body)
        for second in seconds:
            insort(self._by_second.setdefault(second, []), rev)
        while self._is_too_much(next(iter(self._held.values())), now):
            self._forget_oldest()

    def _is_too_much(self, oldest: Held, now: float) -> bool:
        return oldest.since < now - KEPT_SECONDS or (
            self._bytes > MOST_BYTES and len(self._held) > 1
        )

    def _forget_oldest(self) -> None:
        rev, held = self._held.popitem(last=False)
        self._bytes -= len(held.body)
        if self._decoded.pop(rev, None) is not None:
            self._decoded_bytes -= len(held.body)
        for second in held.seconds:
            self._by_second[second].remove(rev)
            if not self._by_second[second]:
                del self._by_second[second]

    def _told_in(self, rev: int) -> Seconds:
        told = self._decoded.get(rev)
        if told is None:
            told = decode_report(self._held[rev].body)
            self._remember(rev, told)
        return told

    def _remember(self, rev: int, told: Seconds) -> None:
        self._decoded[rev] = told
        self._decoded_bytes += len(self._held[rev].body)
        while len(self._decoded) > MOST_DECODED or (
            self._decoded_bytes > MOST_DECODED_BYTES and len(self._decoded) > 1
        ):
            first, _told = self._decoded.popitem(last=False)
            self._decoded_bytes -= len(self._held[first].body)

    def _tell_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(ADVANCE_SECONDS, self._tell)

    def _tell(self) -> None:
        self._timer = None
        changed, self._changed = self._changed, set()
        for callback in self._callbacks:
            try:
                callback(self.rev, changed)
            except Exception:
                logger.exception("What follows the window failed")


window = Window()
"""That of this process."""
