"""What the only serving process hears from others of its machine."""

import asyncio
import os
import socket
import stat
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from realtime_project.live import doorbell


@asynccontextmanager
async def answered(hear=None):
    """The doorbell is answered; what is told is in the list."""
    told: list[bytes] = []
    answering = asyncio.ensure_future(doorbell.answer(hear or told.append))
    await asyncio.sleep(0)
    try:
        yield told
    finally:
        answering.cancel()
        await asyncio.wait([answering])


async def until(condition) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 (what is awaited comes from another thread)
            await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def var(settings, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path


async def test_what_is_told_is_heard_in_order():
    async with answered() as told:
        for number in range(100):
            await asyncio.to_thread(doorbell.ring, b"%d" % number)
        await until(lambda: len(told) == 100)

    assert told == [b"%d" % number for number in range(100)]


async def test_many_are_told_at_once_and_heard_in_order():
    news = [b"%d" % number for number in range(500)]
    async with answered() as told:
        await asyncio.to_thread(doorbell.ring, *news)
        await until(lambda: len(told) == 500)

    assert told == news


async def test_only_the_installations_user_may_ring(var: Path):
    before = os.umask(0)
    try:
        async with answered():
            assert stat.S_IMODE((var / "doorbell").stat().st_mode) == 0o600
    finally:
        os.umask(before)


async def test_what_a_crash_left_behind_is_replaced(var: Path):
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as crashed:
        crashed.bind(str(var / "doorbell"))
    doorbell.ring(b"to nobody")

    async with answered() as told:
        await asyncio.to_thread(doorbell.ring, b"here again")
        await until(lambda: told)

    assert told == [b"here again"]
    assert os.listdir(var) == ["doorbell"]


def test_ringing_where_nobody_lives_is_no_error(var: Path):
    doorbell.ring(b"hello?")

    assert list(var.iterdir()) == []


async def test_what_is_too_large_is_dropped_and_the_next_is_heard():
    async with answered() as told:
        await asyncio.to_thread(doorbell.ring, bytes(1024 * 1024))
        await asyncio.to_thread(doorbell.ring, b"small")
        await until(lambda: told)

    assert told == [b"small"]


async def test_who_cannot_make_sense_of_it_goes_on_hearing():
    told: list[bytes] = []

    def hear(news: bytes) -> None:
        told.append(news)
        raise ValueError("rubbish")

    async with answered(hear):
        for news in (b"", b"\xff" * 1000, b"{}"):
            await asyncio.to_thread(doorbell.ring, news)
        await until(lambda: len(told) == 3)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the short way is Linux's")
async def test_a_folder_with_a_very_long_name_has_a_doorbell_too(settings, var: Path):
    settings.VAR = var / ("deep" * 30)
    settings.VAR.mkdir()

    async with answered() as told:
        await asyncio.to_thread(doorbell.ring, b"far away")
        await until(lambda: told)

    assert told == [b"far away"]


async def test_without_a_folder_that_can_be_written_the_process_serves_on(settings, var, caplog):
    settings.VAR = var / "missing"

    await doorbell.answer(lambda _: None)

    assert "no doorbell" in caplog.text
