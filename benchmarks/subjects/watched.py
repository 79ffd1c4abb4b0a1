"""Rules of alerts, and what they watch: made within an installation."""

import time
from statistics import median

from dashboard.alerts import rounds
from dashboard.alerts.rules import STEP_SECONDS
from dashboard.models.alerts import Alert, Rule
from dashboard.models.series import Kind
from dashboard.storage.points import Point, single, spread
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store
from dashboard.storage.rolling import roll_up
from dashboard.storage.tiers import TIERS

WORKERS = 3
MINUTES = 20
BUSY_SHARE = 10
"""One rule of so many has something to say."""


def look_at(rules: int, looks: int) -> dict[str, float]:
    """Return how long rounds took over rules, each of which watches a metric of its own that
    three workers measure: one of ten fires and is resolved in turn."""
    pks = {number: _series(number) for number in range(rules)}
    _make_rules(rules)
    at = int(time.time()) // STEP_SECONDS * STEP_SECONDS - MINUTES * 60
    for _minute in range(MINUTES * 6):
        at += STEP_SECONDS
        _measure(at, pks, is_over=False)
    _roll_up()
    took: list[float] = []
    busy: list[float] = []
    rounds.look(at + rounds.SETTLE_SECONDS)
    for number in range(looks):
        at += STEP_SECONDS
        _measure(at, pks, is_over=number % 4 == 3)
        _roll_up()
        began = time.monotonic()
        rounds.look(at + rounds.SETTLE_SECONDS)
        (busy if number % 4 in (3, 0) and number else took).append(time.monotonic() - began)
    return {
        "round_ms": median(took) * 1e3,
        "round_max_ms": max(took) * 1e3,
        "busy_round_ms": max(busy) * 1e3,
        "alerts": Alert.objects.count(),
    }


def _series(number: int) -> list[int]:
    is_spread = number % 5 == 4
    kind = Kind.HISTOGRAM if is_spread else Kind.GAUGE
    described = [
        Described(key_of(f"bench_{number}", {"worker": f"web@{worker}"}), kind, "s")
        for worker in range(WORKERS)
    ]
    return list(series_for(described).values())


def _make_rules(count: int) -> None:
    Rule.objects.bulk_create(
        Rule(
            name=f"Rule {number}",
            watch="percentile" if number % 5 == 4 else "threshold",
            query={"metric": f"bench_{number}", "by": ["worker"], "fn": "max"},
            window=60 if number % 2 else 300,
            threshold=0.5,
            keep=0,
        )
        for number in range(count)
    )


def _measure(at: int, pks: dict[int, list[int]], *, is_over: bool) -> None:
    points: list[tuple[int, int, Point]] = []
    for number, some in pks.items():
        value = 0.9 if is_over and number % BUSY_SHARE == 0 else 0.1
        for pk in some:
            is_spread = number % 5 == 4
            point = spread([value, value / 2], at - 1) if is_spread else single(value, at - 1)
            points.append((at - 1, pk, point))
    for start in range(0, len(points), 500):
        store([Report("bench", points[start : start + 500])])


def _roll_up() -> None:
    for tier in TIERS:
        while roll_up(tier):
            pass
