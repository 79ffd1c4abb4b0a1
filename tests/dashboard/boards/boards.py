"""Boards, and what was measured, for tests."""

import json
import re
import time
from typing import Any

import msgspec
from asgiref.sync import async_to_sync

from dashboard.boards import services
from dashboard.boards.body import Body, Panel
from dashboard.models import Board
from dashboard.queries import Query
from dashboard.storage.points import Point, single, spread
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store
from realtime_project.accounts.models import User


def now() -> int:
    return int(time.time())


def series(name: str, source: int | None = None, kind: str = "gauge", **labels: str) -> int:
    described = Described(key_of(name, labels, source), kind)
    return series_for([described])[described.key]


def measure(pk: int, *values: float, start: int, origin: str = "web@0") -> None:
    """Store one value a second."""
    for second, value in enumerate(values, start):
        store([Report(origin, [(second, pk, single(value, second))])])


def measure_spread(pk: int, *values: float, at: int) -> None:
    store([Report("web@0", [(at, pk, spread(values, at))])])


def measure_point(pk: int, second: int, point: Point) -> None:
    store([Report("web@0", [(second, pk, point)])])


def body(*queries: Query, title: str = "Mine", kind: Any = "line") -> Body:
    return Body(title, [Panel("p1", "Lines", kind, 0, 0, 6, 3, queries=list(queries))])


def make_board(person: User, *queries: Query, **facts: Any) -> Board:
    return services.make_board(person=person, body=body(*queries, **facts))


def as_json(value: Any) -> dict[str, Any]:
    """What a page sends with a request."""
    return {"data": msgspec.json.encode(value), "content_type": "application/json"}


def text_of(page: Any) -> str:
    """What is sent of a page, all of it."""

    async def parts() -> str:
        return b"".join([part async for part in page.streaming_content]).decode()

    return async_to_sync(parts)()


def data_in(page: Any) -> dict[str, Any]:
    """The numbers of a board's page."""
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', text_of(page))
    assert found is not None
    return dict(json.loads(found[1]))
