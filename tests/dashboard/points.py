"""Points for Hypothesis. Values are whole numbers, so that sums are the same in any order."""

from hypothesis import strategies as st

from dashboard.storage.points import Point, single, spread

whole = st.integers(min_value=-1000, max_value=10**6).map(float)
moments = st.integers(min_value=1_790_000_000, max_value=1_790_000_500).map(float)
singles = st.builds(single, whole, moments)
spreads = st.builds(spread, st.lists(whole, min_size=1, max_size=20), moments)
points: st.SearchStrategy[Point] = singles | spreads
