"""What apps do within a worker begins when it can, begins again, and is finished in the end."""

import asyncio

import pytest
from django.db import OperationalError

from realtime_project.live import residents
from realtime_project.live.residents import Residents, resident
from tests.live.streams import until


@pytest.fixture(autouse=True)
def no_others(monkeypatch):
    monkeypatch.setattr(residents, "_residents", [])
    monkeypatch.setattr(residents, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(residents, "autodiscover_modules", lambda name: None)


async def test_it_begins_when_the_worker_knows_its_streams():
    told, is_known = [], asyncio.Event()

    async def knows() -> None:
        told.append("asked")
        await is_known.wait()

    @resident
    async def live() -> None:
        told.append("lives")
        await asyncio.Event().wait()

    one = Residents(knows)
    one.begin()
    await until(lambda: told == ["asked"])
    is_known.set()

    await until(lambda: told == ["asked", "lives"])
    await one.end()


@pytest.mark.parametrize("fault", [OperationalError("away"), ValueError("a mistake")])
async def test_one_that_fails_begins_again(fault):
    lives = []

    @resident
    async def live() -> None:
        lives.append(1)
        if len(lives) == 1:
            raise fault
        await asyncio.Event().wait()

    one = Residents(_at_once)
    one.begin()

    await until(lambda: len(lives) == 2)
    await one.end()


async def test_each_may_put_away_what_it_holds_when_the_worker_goes():
    told = []

    @resident
    async def live() -> None:
        try:
            told.append("lives")
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            told.append("done")

    one = Residents(_at_once)
    one.begin()
    await until(lambda: told)

    await one.end()

    assert told == ["lives", "done"]


async def _at_once() -> None:
    pass
