"""What has happened in this process since it was last looked at, by the table of metrics."""

from collections.abc import Iterable, Iterator, Mapping

from dashboard.models import Kind
from dashboard.storage.codec import Measured
from dashboard.storage.points import Point
from dashboard.storage.registry import Described, key_of
from realtime_project.live import metrics
from realtime_project.live.histogram import Histogram

Sample = dict[int, Measured]
"""What was measured, by the number of the series in `Sampler.series`."""

# They never change, and say with their labels what they say.
SAY_NOTHING = {
    "signalbox_build_info",
    "signalbox_python_info",
    "process_start_time_seconds",
    "process_max_fds",
}
UNITS = {"_seconds": "s", "_bytes": "B", "_seconds_total": "s", "_bytes_total": "B"}


class Sampler:
    """Looks at a table of metrics again and again. Counters and histograms are told by what was
    added; who has counted nothing says so with a zero, which a missing number does not. Without
    `tells_unused` a counter appears with its first event: where most of the table is never used.
    """

    def __init__(
        self, table: Iterable[metrics.Metric], place: str, *, tells_unused: bool = True
    ) -> None:
        self.series: list[Described] = []
        self._table = [metric for metric in table if metric.name not in SAY_NOTHING]
        self._place = place
        self._tells_unused = tells_unused
        self._numbers: dict[tuple[str, metrics.Labels], int] = {}
        self._counted: dict[int, float] = {}
        self._spread: dict[int, tuple[list[int], float]] = {}
        # What happened before nobody looked at is of no second.
        self.sample(0)

    def sample(self, second: int) -> Sample:
        """Return what has happened since the last time, as that of a second."""
        sample: Sample = {}
        for metric in self._table:
            match metric:
                case metrics.Distribution():
                    self._add_spread(sample, metric, "", metric.histogram, second)
                case metrics.Distributions():
                    for labels, histogram in list(metric.by.items()):
                        self._add_spread(sample, metric, labels, histogram, second)
                case _:
                    self._add_values(sample, metric)
        return sample

    def _add_values(self, sample: Sample, metric: metrics.Metric) -> None:
        is_counter = metric.kind == Kind.COUNTER
        for labels, value in _values(metric):
            if is_counter and not (value or self._tells_unused):
                continue
            number = self._number(metric, labels)
            if is_counter:
                before = self._counted.get(number, 0)
                self._counted[number] = value
                sample[number] = value - before
            else:
                sample[number] = value

    def _add_spread(
        self,
        sample: Sample,
        metric: metrics.Metric,
        labels: metrics.Labels,
        histogram: Histogram,
        second: int,
    ) -> None:
        number = self._number(metric, labels)
        counts, total = self._spread.get(number, (None, 0.0))
        if counts == histogram.counts:
            return
        now = histogram.counts.copy(), histogram.sum
        self._spread[number] = now
        low, high = histogram.take_extremes()
        added = _added(counts, now[0], histogram.first)
        sample[number] = Point(
            sum(added.values()), now[1] - total, low, high, histogram.last, second, added
        )

    def _number(self, metric: metrics.Metric, labels: metrics.Labels) -> int:
        number = self._numbers.get((metric.name, labels))
        if number is None:
            number = self._numbers[metric.name, labels] = len(self.series)
            self.series.append(self._described(metric, labels))
        return number

    def _described(self, metric: metrics.Metric, labels: metrics.Labels) -> Described:
        values = (labels,) if isinstance(labels, str) else labels
        told = dict(zip(metric.labels, values, strict=False)) | {"worker": self._place}
        return Described(key_of(metric.name, told), metric.kind, unit_of(metric.name))


def unit_of(name: str) -> str:
    """Return in what a metric is measured, nothing where it is a number of something."""
    return next((unit for end, unit in UNITS.items() if name.endswith(end)), "")


def _added(before: list[int] | None, now: list[int], first: int) -> dict[int, int]:
    pairs = enumerate(zip(before or [0] * len(now), now, strict=True), first)
    return {index: count - less for index, (less, count) in pairs if count != less}


def _values(metric: metrics.Metric) -> Iterator[tuple[metrics.Labels, float]]:
    match metric:
        case metrics.Counter():
            yield "", metric.n
        case metrics.Counters():
            yield from list(metric.by.items())
        case metrics.Reading():
            value = metric.read()
            if isinstance(value, Mapping):
                yield from value.items()
            elif value is not None:
                yield "", value
