"""What a real server logs comes into the log view by itself, from the worker and from its jobs."""

import json
import sqlite3
import time
from contextlib import closing
from http.client import HTTPConnection

from dashboard.logs.lines import Line, unpack
from tests.conftest import NewInstallation
from tests.servers.installation import Installation

PATIENCE_SECONDS = 60
OURS = "SELECT origin, body FROM dashboard_logbatch WHERE source_id IS NULL ORDER BY rev"


def own_lines(installation: Installation) -> list[tuple[str, Line]]:
    with closing(sqlite3.connect(installation.var / "db.sqlite3")) as database:
        found = list(database.execute(OURS))
    return [(origin, line) for origin, body in found for line in unpack(body)]


def wait_for(installation: Installation, *texts: str) -> list[tuple[str, Line]]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        lines = own_lines(installation)
        if all(any(text in line.text for _, line in lines) for text in texts):
            return lines
        assert time.monotonic() < deadline, f"no {texts} in {lines}"
        time.sleep(0.1)


def ask(installation: Installation, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", installation.port, timeout=60)
    connection.request("GET", path)
    connection.getresponse().read()
    connection.close()


def test_a_worker_and_its_jobs_keep_what_they_log(new_installation: NewInstallation):
    installation = new_installation()
    with installation.served(jobs=True):
        ask(installation, "/not-here?token=hunter22hunter22")

        lines = wait_for(installation, "Not Found: /not-here", "Doing jobs")

    origins = {
        origin for origin, line in lines if "Not Found" in line.text or line.text == "Doing jobs"
    }
    assert len(origins) == 2
    assert {line.source for _, line in lines} == {"app"}
    assert "hunter22" not in json.dumps([line.text for _, line in lines])
