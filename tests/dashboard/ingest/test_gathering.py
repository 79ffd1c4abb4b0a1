"""What one request brings is put together by series and second, exactly."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from dashboard.ingest.gathering import OLDEST_SECONDS, Gathering, Head
from dashboard.storage.points import FLOOR

SECOND = 1_000_000_000
NOW = 1_790_000_000 * SECOND
PRICE = Head("price", (("symbol", "ABC"),))


def test_a_second_keeps_its_smallest_its_largest_and_its_last():
    gathering = Gathering(NOW)
    for number, at in ((5.0, 30), (9.0, 10), (1.0, 20)):
        gathering.add(PRICE, [("value", number)], NOW + at)

    [cell] = gathering.cells.values()

    assert (cell.count, cell.sum, cell.min, cell.max, cell.last) == (3, 15.0, 1.0, 9.0, 5.0)


def test_of_two_at_the_same_time_the_later_line_is_the_last():
    gathering = Gathering(NOW)
    gathering.add(PRICE, [("value", 1.0)], NOW)
    gathering.add(PRICE, [("value", 2.0)], NOW)

    [cell] = gathering.cells.values()

    assert cell.last == 2.0


def test_what_says_no_time_is_of_now():
    gathering = Gathering(NOW + 7)

    gathering.add(PRICE, [("value", 1.0)], None)

    assert list(gathering.cells) == [(PRICE, "value", NOW // SECOND)]


def test_what_is_too_old_or_to_come_is_not_taken():
    gathering = Gathering(NOW)

    assert not gathering.add(PRICE, [("value", 1.0)], NOW - (OLDEST_SECONDS + 1) * SECOND)
    assert not gathering.add(PRICE, [("value", 1.0)], NOW + 61 * SECOND)
    assert gathering.add(PRICE, [("value", 1.0)], NOW - OLDEST_SECONDS * SECOND)
    assert gathering.add(PRICE, [("value", 1.0)], NOW + 60 * SECOND)
    assert gathering.count == 2


def test_a_histogram_counts_by_size():
    head = Head("took", (), "histogram", "s")
    gathering = Gathering(NOW)
    for number in (1.0, 1.01, 2.0, 0.0, -3.0):
        gathering.add(head, [("value", number)], NOW)

    [cell] = gathering.cells.values()

    assert cell.buckets == {0: 1, 1: 1, 8: 1, FLOOR: 2}


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(-9, 9).map(float), st.integers(0, 5 * SECOND))
    )
)
def test_every_second_is_exact_in_whatever_order_its_numbers_come(
    told: list[tuple[str, float, int]],
):
    gathering = Gathering(NOW)
    expected: dict[tuple[str, int], list[tuple[int, float]]] = defaultdict(list)
    for field, number, offset in told:
        gathering.add(PRICE, [(field, number)], NOW + offset)
        expected[field, (NOW + offset) // SECOND].append((offset, number))

    assert gathering.count == len(told)
    assert {(field, second) for _, field, second in gathering.cells} == expected.keys()
    for (_, field, second), cell in gathering.cells.items():
        numbers = [number for _, number in expected[field, second]]
        newest = max(offset for offset, _ in expected[field, second])
        last = [number for offset, number in expected[field, second] if offset == newest][-1]
        assert (cell.count, cell.sum) == (len(numbers), sum(numbers))
        assert (cell.min, cell.max, cell.last) == (min(numbers), max(numbers), last)
