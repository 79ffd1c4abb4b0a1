"""The client of Influx for Python, as it is, sends here: in batches that it packs, and sends again
where no answer came."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write.point import Point
from influxdb_client.client.write_api import WriteOptions

from tests.dashboard.ingest.sending import make_sources, stored
from tests.servers.installation import Installation
from tests.servers.proxy import Proxy, proxy_to


@pytest.fixture(scope="module")
def tokens(live_server_process: Installation) -> dict[str, str]:
    return make_sources(live_server_process, "batches", "lost", "refused")


@pytest.fixture
def at() -> int:
    return int(time.time()) - 60


@pytest.fixture
def proxy(live_server_process: Installation) -> Iterator[Proxy]:
    port = urlsplit(live_server_process.url).port
    assert port
    with proxy_to(port) as between:
        yield between


class Writer:
    """Hands lines to the client, and hears from it what became of them."""

    def __init__(self, api: Any) -> None:
        self._api = api

    def write(self, *lines: Any) -> None:
        self._api.write("any", record=list(lines))


class Heard:
    """What the client tells of its batches."""

    def __init__(self) -> None:
        self.stored: list[str] = []
        self.sent_again: list[Any] = []
        self.refused: list[Any] = []


@contextmanager
def client(url: str, token: str, heard: Heard) -> Iterator[Writer]:
    """A client that gathers up to four lines. When the context ends it has sent all."""
    options = WriteOptions(batch_size=4, flush_interval=1_000, retry_interval=50, max_retries=3)
    with (
        InfluxDBClient(url, token, org="any", enable_gzip=True, timeout=60_000) as influx,
        influx.write_api(
            options,
            success_callback=lambda _, lines: heard.stored.append(lines),
            retry_callback=lambda _, lines, error: heard.sent_again.append(error),
            error_callback=lambda _, lines, error: heard.refused.append(error),
        ) as api,
    ):
        yield Writer(api)


def queue(name: str, waiting: int, at: int) -> Any:
    # In nanoseconds, as it writes them where nothing else is said.
    return Point(name).tag("host", "web1").field("waiting", waiting).time(at * 1_000_000_000)


def counts(installation: Installation, name: str) -> Iterable[tuple[float, float]]:
    """How many numbers are counted in each second."""
    rows = stored(installation)[f"{name}.waiting{{host=web1}}"]
    return [(second, count) for second, count, *_ in rows]


def test_its_batches_are_stored(live_server_process: Installation, tokens: dict[str, str], at: int):
    heard = Heard()

    with client(live_server_process.url, tokens["batches"], heard) as writer:
        writer.write(*[queue("batches", number, at + number) for number in range(10)])

    assert counts(live_server_process, "batches") == [(at + number, 1) for number in range(10)]
    assert (len(heard.stored) >= 3, heard.refused) == (True, [])


def test_what_it_sends_again_because_the_answer_was_lost_is_counted_once(
    live_server_process: Installation, proxy: Proxy, tokens: dict[str, str], at: int
):
    heard = Heard()
    proxy.lose_answers(2)

    with client(proxy.url, tokens["lost"], heard) as writer:
        writer.write(*[queue("lost", number, at + number) for number in range(6)])

    assert [head.split(b"\r\n")[0] for head in proxy.lost] == [b"HTTP/1.1 204 No Content"] * 2
    assert heard.sent_again
    assert heard.refused == []
    assert counts(live_server_process, "lost") == [(at + number, 1) for number in range(6)]


def test_it_hears_which_line_was_wrong_and_the_others_are_stored(
    live_server_process: Installation, tokens: dict[str, str], at: int
):
    heard = Heard()

    with client(live_server_process.url, tokens["refused"], heard) as writer:
        writer.write(f"refused,host=web1 waiting= {at}000000000", queue("refused", 1, at))

    [error] = heard.refused
    assert (error.status, error.message.split(":")[0]) == (400, "line 1")
    assert counts(live_server_process, "refused") == [(at, 1)]


def test_with_a_wrong_token_it_hears_that(live_server_process: Installation, at: int):
    heard = Heard()

    with client(live_server_process.url, "guessed", heard) as writer:
        writer.write(queue("guessed", 1, at))

    assert [error.status for error in heard.refused] == [401]
