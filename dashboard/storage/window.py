"""The window: what was measured within the last quarter of an hour, in each worker's memory.

It follows the stream of reports as any hub does: in order, each once, and what is missing is read.
Reports are kept as they came, a kilobyte each, and read when somebody asks for what they tell.
"""

import asyncio
import logging
import time
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from dashboard.storage.codec import Seconds, decode_report, point_of
from dashboard.storage.points import Point, merge

logger = logging.getLogger(__name__)

KEPT_SECONDS = 15 * 60
MOST_BYTES = 32 * 1024 * 1024
MOST_DECODED = 300
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
        self._bytes = 0
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
        for second, revs in self._by_second.items():
            for rev in revs if start <= second < end else ():
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
        self._bytes, self.has_hole = 0, False
        self.begun += 1
        for number, body in reports:
            self._hold(number, tuple(decode_report(body)), body)
        self.rev = rev

    def add(self, rev: int, body: bytes) -> None:
        """Take in the next report."""
        if rev <= self.rev:
            return
        self.has_hole |= rev != self.rev + 1
        self.rev = rev
        told = decode_report(body)
        self._hold(rev, tuple(told), body)
        self._remember(rev, told)
        if self._callbacks:
            self._changed.update((pk, second) for second in told for pk in told[second])
            self._tell_soon()

    def _hold(self, rev: int, seconds: tuple[int, ...], body: bytes) -> None:
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
        self._decoded.pop(rev, None)
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
        if len(self._decoded) > MOST_DECODED:
            self._decoded.popitem(last=False)

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
