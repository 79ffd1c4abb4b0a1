"""Programs that send to a real server, and what it has stored."""

import json
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from dashboard.ingest.senders import make_source_token
from dashboard.logs.lines import unpack
from dashboard.models import IngestSource, Series
from dashboard.storage.codec import decode_report, point_of
from dashboard.storage.points import Point, merge
from realtime_project.accounts.models import User
from tests.servers.installation import Installation

MAKE_SOURCES = """
import json
from tests.cast import make_person
from tests.dashboard.ingest.sending import token_of
from tests.hashing import hash_passwords_fast
hash_passwords_fast()
admin = make_person("admin", is_staff=True, is_superuser=True)
print(json.dumps({{slug: token_of(admin, slug) for slug in {slugs}}}))
"""
SERIES = "SELECT id, name, labels FROM dashboard_series WHERE source IS NOT NULL"
LINES = "SELECT body FROM dashboard_logbatch WHERE source_id IS NOT NULL ORDER BY rev"
REPORTS = "SELECT body FROM dashboard_storedreport ORDER BY rev"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def token_of(by: User, slug: str) -> str:
    """Make a source, and return a token of it."""
    source = IngestSource.objects.create(slug=slug, title=slug)
    return make_source_token(by=by, source=source, name=slug)


def make_sources(installation: Installation, *slugs: str) -> dict[str, str]:
    """Make sources, and return a token of each."""
    made: dict[str, str] = said(installation, MAKE_SOURCES.format(slugs=slugs))
    return made


def said(installation: Installation, script: str) -> Any:
    """Run a script in an installation, and return what it prints last, as JSON."""
    printed = installation.manage("shell", "--verbosity=0", "-c", script)
    return json.loads(printed.splitlines()[-1])


def stored(installation: Installation) -> dict[str, list[list[float]]]:
    """Return all that was sent in, by series: second, count, sum, min, max, last. Read from the
    file, as nothing is rolled up where no jobs are done."""
    with closing(sqlite3.connect(installation.var / "db.sqlite3")) as database:
        names = {pk: _named(name, labels) for pk, name, labels in database.execute(SERIES)}
        reports = [decode_report(body) for (body,) in database.execute(REPORTS)]
    found: dict[str, dict[int, Point]] = {name: {} for name in names.values()}
    for report in reports:
        for second, told in report.items():
            for pk in names.keys() & told.keys():
                seconds, point = found[names[pk]], point_of(second, told[pk])
                seconds[second] = merge(seconds[second], point) if second in seconds else point
    return {
        name: [
            [at, point.count, point.sum, point.min, point.max, point.last]
            for at, point in sorted(seconds.items())
        ]
        for name, seconds in found.items()
    }


def _named(name: str, labels: str) -> str:
    return str(Series(name=name, labels=json.loads(labels)))


def kept(installation: Installation) -> list[tuple[str, str, str, str]]:
    """Return the lines that were sent in: level, source, origin and text."""
    with closing(sqlite3.connect(installation.var / "db.sqlite3")) as database:
        bodies = [body for (body,) in database.execute(LINES)]
    lines = [line for body in bodies for line in unpack(body)]
    return [(line.level, line.source, line.origin, line.text) for line in lines]


def curl(
    url: str, *options: str, token: str = "", body: bytes | None = None, stdin: bytes = b""
) -> Answer:
    """Send something as curl does: a body as text, or what options say of its standard input."""
    command = ["curl", "-sS", "--max-time", "30", "-D", "-", url, *options]
    if token:
        command += ["-H", f"Authorization: Token {token}"]
    if body is not None:
        command += ["--data-binary", "@-", "-H", "Content-Type: text/plain"]
    done = subprocess.run(command, input=body or stdin, capture_output=True, check=True, timeout=60)
    head, _, rest = done.stdout.partition(b"\r\n\r\n")
    while head.split(b" ")[1] == b"100":
        head, _, rest = rest.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
    return Answer(int(first.split()[1]), headers, rest.decode())
