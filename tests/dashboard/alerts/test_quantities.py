"""Numbers as people read them."""

import pytest
from django.utils.translation import override

from dashboard.alerts.quantities import quantity, span


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "s", "–"),
        (0.0, "s", "0 s"),
        (0.5234, "s", "523 ms"),
        (0.0000071, "s", "7.1 µs"),
        (12.0, "s", "12 s"),
        (300.0, "s", "300 s"),
        (42.4242, "", "42.4"),
        (1234.5, "/s", "1234 /s"),
        (2_500_000.0, "", "2.5 M"),
        (97.25, "%", "97.2 %"),
        (1536.0, "B", "1.5 KiB"),
        (3 * 1024**3, "B/s", "3 GiB/s"),
        (-0.25, "", "-0.25"),
    ],
)
def test_a_value_has_three_digits_and_a_unit(value: float | None, unit: str, said: str) -> None:
    assert quantity(value, unit) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59.6, "1 min"), (62, "1 min 2 s"), (7_265, "2 h 1 min"), (90_000, "1 day 1 h")],
)
def test_a_time_has_two_units_at_most(seconds: float, said: str) -> None:
    with override("en"):
        assert span(seconds) == said
