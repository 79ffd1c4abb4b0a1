"""A stream of its own for each test."""

import pytest

from realtime_project.live import feed as feeds
from tests.live.streams import Database, begun_feed


@pytest.fixture
async def database():
    return Database()


@pytest.fixture
async def feed(database, monkeypatch):
    """A feed that has begun, waits for nothing that is late, and tells all at once however slow
    this machine is."""
    monkeypatch.setattr(feeds, "GAP_SECONDS", 0)
    monkeypatch.setattr(feeds, "RETRY_SECONDS", 0)
    monkeypatch.setattr(feeds, "SLICE_SECONDS", 60)
    feed = begun_feed(database)
    yield feed
    feed.stop()
