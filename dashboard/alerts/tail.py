"""What was measured lately of all that rules watch: kept from round to round.

Reading it anew would open a chunk of every series each time. Reports are numbered by one stream,
none is left out: so each is added once, in its turn, however late what it tells comes. Where a
backup was restored the same numbers are those of other reports, and all is read anew.
"""

from collections.abc import Collection, Iterator

from dashboard.alerts.rules import STEP_SECONDS
from dashboard.models import Measures, StoredReport
from dashboard.storage.codec import decode_report, point_of
from dashboard.storage.points import Point, merge
from realtime_project.live.models import Installation

LONGEST_SECONDS = 15 * 60
"""How far back it reaches: reports are kept for a little longer."""
BODIES_AT_ONCE = 100
NOTHING = -1
"""The rev of one that has to read everything."""

Points = dict[int, dict[int, Point]]


class Tail:
    """Points by series and by the time at which a step of ten seconds begins."""

    def __init__(self) -> None:
        self.points: Points = {}
        self._rev = 0
        self._since = 0
        self._epoch = ""

    def follow(self, pks: Collection[int], since: int) -> Points:
        """Return what was measured of series from a time on, as far as reports have come."""
        # First: a rev that is read in one epoch and remembered in the next would be believed there.
        epoch = Installation.current().epoch
        measures = Measures.current()
        new = {pk for pk in pks if pk not in self.points}
        is_whole = (
            epoch == self._epoch
            and self._since <= since
            and measures.floor <= self._rev <= measures.rev
        )
        rev, self._rev = self._rev, NOTHING
        if new or not is_whole:
            self.points, self._since = {pk: {} for pk in pks}, since
            self._add(_reports(0, measures.rev, since))
        elif measures.rev > rev:
            self._add(_reports(rev, measures.rev, since))
        # Only now: what was cut off in the middle is read anew as a whole.
        self._rev, self._epoch = measures.rev, epoch
        self._forget(set(pks), since)
        return self.points

    def _add(self, bodies: Iterator[bytes]) -> None:
        for body in bodies:
            for second, told in decode_report(body).items():
                if second < self._since:
                    continue
                at = second - second % STEP_SECONDS
                for pk in self.points.keys() & told.keys():
                    steps, point = self.points[pk], point_of(second, told[pk])
                    steps[at] = merge(steps[at], point) if at in steps else point

    def _forget(self, pks: set[int], since: int) -> None:
        for pk in self.points.keys() - pks:
            del self.points[pk]
        for steps in self.points.values():
            # In the order in which they came, which is nearly that of time.
            while steps and (first := next(iter(steps))) < since:
                del steps[first]
        self._since = max(self._since, since)


def _reports(after: int, until: int, since: int) -> Iterator[bytes]:
    reports = StoredReport.objects.filter(rev__gt=after, rev__lte=until, second__gte=since)
    bodies = reports.order_by("rev").values_list("body", flat=True)
    for body in bodies.iterator(chunk_size=BODIES_AT_ONCE):
        yield bytes(body)
