"""Group commit: what comes while a batch is being written goes into the next one."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live.batcher import MAX_BATCH, Batcher


class Disk:
    """Notes what was written together, and writes only when it is told to."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, list[int]]] = []
        self.may_write = asyncio.Event()

    async def write(self, key: str, items: Sequence[int]) -> list[int | Exception]:
        self.batches.append((key, list(items)))
        await self.may_write.wait()
        return [ValueError(item) if item < 0 else item * 10 for item in items]


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_is_written_at_once_and_those_behind_it_together():
    disk = Disk()
    batcher = Batcher[str, int, int](disk.write)

    adding = [asyncio.ensure_future(batcher.add("room", number)) for number in range(5)]
    await settled()
    disk.may_write.set()

    assert await asyncio.gather(*adding) == [0, 10, 20, 30, 40]
    assert [items for _, items in disk.batches] in ([[0, 1, 2, 3, 4]], [[0], [1, 2, 3, 4]])


async def test_keys_do_not_wait_for_each_other():
    disk = Disk()
    batcher = Batcher[str, int, int](disk.write)

    adding = [asyncio.ensure_future(batcher.add(key, 1)) for key in ("a", "b")]
    await settled()

    assert [key for key, _ in disk.batches] == ["a", "b"]
    disk.may_write.set()
    await asyncio.gather(*adding)


async def test_what_is_refused_touches_nobody_else():
    disk = Disk()
    disk.may_write.set()
    batcher = Batcher[str, int, int](disk.write)

    results = await asyncio.gather(
        *(batcher.add("room", number) for number in (1, -2, 3)), return_exceptions=True
    )

    assert results[0::2] == [10, 30]
    assert isinstance(results[1], ValueError)


async def test_a_batch_that_fails_as_a_whole_is_told_to_all_and_the_next_one_is_written():
    failures = iter([OSError("no disk")])

    async def write(key: str, items: Sequence[int]) -> Sequence[int]:
        for failure in failures:
            raise failure
        return items

    batcher = Batcher[str, int, int](write)

    with pytest.raises(OSError, match="no disk"):
        await batcher.add("room", 1)
    assert await batcher.add("room", 2) == 2


async def test_who_gives_up_waiting_is_written_all_the_same():
    disk = Disk()
    batcher = Batcher[str, int, int](disk.write)
    gone = asyncio.ensure_future(batcher.add("room", 1))
    await settled()
    gone.cancel()
    stays = asyncio.ensure_future(batcher.add("room", 2))
    await settled()
    disk.may_write.set()

    assert await stays == 20
    assert [items for _, items in disk.batches] == [[1], [2]]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=250))
def test_each_key_is_written_in_its_order_never_twice_at_once_and_in_bounded_batches(posts):
    written: dict[str, list[int]] = {}
    busy: set[str] = set()

    async def write(key: str, items: Sequence[int]) -> Sequence[int]:
        assert key not in busy
        assert len(items) <= MAX_BATCH
        busy.add(key)
        await asyncio.sleep(0)
        written.setdefault(key, []).extend(items)
        busy.discard(key)
        return items

    async def run() -> None:
        batcher = Batcher[str, int, int](write)
        adding = []
        for number, (key, pause) in enumerate(posts):
            adding.append(asyncio.ensure_future(batcher.add(key, number)))
            if pause:
                await asyncio.sleep(0)
        await asyncio.gather(*adding)

    asyncio.run(run())

    for key, numbers in written.items():
        assert numbers == [number for number, (k, _) in enumerate(posts) if k == key]
