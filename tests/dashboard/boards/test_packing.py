"""What a page unpacks is what was measured, bit by bit."""

import json
from math import isfinite

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.boards.packing import packed
from dashboard.boards.panels import PanelLane
from tests.dashboard.boards.packed import unpacked

anything = st.none() | st.floats() | st.floats(width=32) | st.integers(0, 260)


def sent(values):
    """A lane as it comes to a page."""
    lane = PanelLane("a", {"of": "a"}, 0, values)
    return json.loads(msgspec.json.encode(packed(lane)))


@given(st.lists(anything))
@example([1e300, None])
@example([0.1, 16_777_217])
@example([254, 255])
def test_every_value_is_as_it_was(values):
    # In JSON what is not finite is null, too.
    known = [one if one is not None and isfinite(one) else None for one in values]
    assert unpacked(sent(values)) == known


def test_each_lane_takes_the_shortest_form_that_holds_it():
    counts, halves, thirds = (sent(values) for values in ([0, 254, None], [0.5, None], [1 / 3]))
    assert (len(counts["u8"]), len(halves["f32"]), len(thirds["f64"])) == (4, 12, 12)


def test_a_lane_keeps_its_name():
    assert sent([1]) == {"label": "a", "labels": {"of": "a"}, "query": 0, "u8": "AQ=="}
