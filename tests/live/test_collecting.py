"""The interpreter's collector in a worker: the young as ever, the old when they have doubled."""

import asyncio
import gc
from collections.abc import Iterator

import pytest

from realtime_project.live.collecting import Collector
from realtime_project.live.connections import Connections


@pytest.fixture
def old() -> Iterator[list[str]]:
    """Collections of everything from now on. Afterwards the collector is as it was."""
    before, phases = gc.get_threshold(), []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "stop" and info["generation"] == 2:
            phases.append(phase)

    gc.callbacks.append(note)
    yield phases
    gc.callbacks.remove(note)
    gc.set_threshold(*before)
    gc.unfreeze()


class Sockets(Connections):
    """Those of a worker, without any."""

    open = 0

    def __len__(self) -> int:
        return self.open


@pytest.fixture
def sockets() -> Sockets:
    return Sockets()


@pytest.fixture
async def collector(old, sockets) -> Collector:
    collector = Collector(asyncio.get_running_loop(), lambda: sockets)
    old.clear()
    return collector


async def test_a_quarter_more_of_what_stays_is_no_reason_to_look_through_everything(collector, old):
    kept = grown(collector, 0.5)

    collector.look()

    assert old == []
    assert kept


async def test_twice_as_much_is(collector, old):
    kept = grown(collector, 1.2)

    collector.look()
    collector.look()

    assert old == ["stop"]
    assert kept


@pytest.mark.parametrize(
    ("ended", "there", "times"), [(1000, 0, 0), (1001, 0, 1), (4999, 5000, 0), (5001, 5000, 1)]
)
async def test_it_is_time_when_as_many_sockets_have_ended_as_there_are(
    collector, sockets, old, ended, there, times
):
    sockets.ended, sockets.open = ended, there

    collector.look()
    collector.look()

    assert len(old) == times


async def test_garbage_that_has_become_old_goes_when_there_is_as_much_of_it_as_of_the_rest(
    collector,
):
    ends = [Circle() for _ in range(1000)]
    gc.collect(1)
    del ends
    assert Circle.count == 1000
    kept = grown(collector, 1.2)

    collector.look()

    assert Circle.count == 0
    assert kept


async def test_garbage_among_the_young_goes_as_ever(collector):
    for _ in range(100_000):
        Circle()

    assert Circle.count < 100_000


class Circle:
    """Garbage of which only the collector can know."""

    count = 0

    def __init__(self) -> None:
        self.itself = self
        Circle.count += 1

    def __del__(self) -> None:
        Circle.count -= 1


def grown(collector: Collector, by: float) -> list[list[int]]:
    """As much more as the share says of what was left, two blocks for each."""
    return [[number] for number in range(10_000, 10_000 + int(collector.left * by / 2))]
