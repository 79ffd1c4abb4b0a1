"""Reading `/metrics` of a server process as Prometheus does."""

import socket as sockets
import time
from http.client import HTTPConnection
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.servers.installation import Installation
from tests.servers.process import PATIENCE_SECONDS


class Scrape:
    """Every number that a worker told at one moment."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._values = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def __call__(self, name: str, **labels: str) -> float:
        """What `signalbox_<name>` says, 0 when it has not been counted yet."""
        return self.get(f"signalbox_{name}", **labels) or 0

    def get(self, name: str, **labels: str) -> float | None:
        return self._values.get((name, frozenset(labels.items())))


def scrape(installation: Installation) -> Scrape:
    status, text = get_metrics(installation)
    assert status == 200, text
    return Scrape(text)


def scrape_until(
    installation: Installation,
    name: str,
    value: float | None = None,
    *,
    at_least: float | None = None,
    **labels: str,
) -> Scrape:
    """Read until a number is what it must become, or has grown so far."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        scraped = scrape(installation)
        found = scraped(name, **labels)
        if found == value or (at_least is not None and found >= at_least):
            return scraped
        assert time.monotonic() < deadline, f"{name} {labels} is {found}"
        time.sleep(0.05)


def get_metrics(
    installation: Installation, *, path: str = "/metrics", by: Path | None = None, **headers: str
) -> tuple[int, str]:
    """Ask for the metrics, or for another page; by a Unix socket where one is given."""
    connection = HTTPConnection("127.0.0.1", installation.port, timeout=PATIENCE_SECONDS)
    if by is not None:
        connection.sock = sockets.socket(sockets.AF_UNIX)
        connection.sock.connect(str(by))
    connection.request(
        "GET", path, headers={name.replace("_", "-"): told for name, told in headers.items()}
    )
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text
