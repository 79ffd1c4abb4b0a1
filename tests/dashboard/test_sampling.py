"""A process tells what has happened within each second, and nothing twice."""

import pytest

from dashboard.measuring.sampling import Sampler
from dashboard.storage.codec import Measured, point_of
from dashboard.storage.points import spread
from realtime_project.live import metrics
from realtime_project.live.metrics import Counter, Counters, Distribution, Distributions, Reading

NOW = 1_790_000_000


@pytest.fixture
def table(monkeypatch):
    """A table of metrics of its own."""
    monkeypatch.setattr(metrics, "table", [])
    return metrics.table


def told(sampler: Sampler) -> dict[str, Measured]:
    sample = sampler.sample(NOW)
    return {_said(sampler, number): measured for number, measured in sample.items()}


def _said(sampler: Sampler, number: int) -> str:
    key = sampler.series[number].key
    return " ".join([key.name, *(value for label, value in key.labels if label != "worker")])


def test_counters_are_told_by_what_was_added(table):
    counter = Counter("posts_total", "Posts")
    counter.n = 5
    sampler = Sampler(table, "here")

    counter.n += 2

    assert told(sampler) == {"posts_total": 2}
    assert told(sampler) == {"posts_total": 0}


def test_a_label_appears_with_its_first_event_and_stays(table):
    counters = Counters("closes_total", "Closes", "code")
    sampler = Sampler(table, "here")
    assert told(sampler) == {}

    counters.by["1000"] += 3

    assert told(sampler) == {"closes_total 1000": 3}
    assert told(sampler) == {"closes_total 1000": 0}


def test_distributions_are_told_by_what_was_added_and_by_nothing_when_nothing_was(table):
    distribution = Distribution("wait_seconds", "Waiting")
    by_name = Distributions("command_seconds", "Commands", "command")
    sampler = Sampler(table, "here")
    for value in (0.5, 0.25, 2.0):
        distribution.observe(value)
    by_name.by["post"].observe(1.0)

    first, second = told(sampler), told(sampler)
    distribution.observe(0.125)

    waited = point_of(NOW, first["wait_seconds"])
    assert waited.buckets == spread([0.5, 0.25, 2.0], NOW).buckets
    assert (waited.count, waited.sum, waited.min, waited.max, waited.last) == (3, 2.75, 0.25, 2, 2)
    assert first["command_seconds post"] == spread([1.0], NOW)
    assert second == {}
    assert told(sampler) == {"wait_seconds": spread([0.125], NOW)}


def test_what_is_looked_at_is_told_as_it_is_and_what_is_not_there_is_not(table):
    Reading("sockets", "Sockets", "transport", kind="gauge", read=lambda: {"direct": 3})
    Reading("layer_up", "Up", kind="gauge", read=lambda: None)
    cpu = iter([10.0, 10.5])
    Reading("cpu_seconds_total", "CPU", kind="counter", read=lambda: next(cpu))

    assert told(Sampler(table, "here")) == {"sockets direct": 3, "cpu_seconds_total": 0.5}


def test_where_most_is_never_used_a_counter_appears_with_its_first_event(table):
    counter = Counter("posts_total", "Posts")
    sampler = Sampler(table, "here", tells_unused=False)
    assert told(sampler) == {}

    counter.n += 1

    assert [told(sampler), told(sampler)] == [{"posts_total": 1}, {"posts_total": 0}]


def test_a_series_says_where_it_was_measured_and_in_which_unit(table):
    Distribution("wait_seconds", "Waiting").observe(1)
    Counter("delivered_bytes_total", "Bytes")
    Counter("resets_total", "Resets")

    described = {one.key.name: one for one in Sampler(table, "host:8000").series}

    assert described["wait_seconds"].key.labels == (("worker", "host:8000"),)
    assert {name: (one.kind, one.unit) for name, one in described.items()} == {
        "wait_seconds": ("histogram", "s"),
        "delivered_bytes_total": ("counter", "B"),
        "resets_total": ("counter", ""),
    }
