"""What a fleet has measured of itself, as its database holds it."""

import json
import time
from collections.abc import Callable

import psycopg

from tests.faults.fleet import Fleet

PATIENCE_SECONDS = 120
STEPPED = """
CREATE SCHEMA stepped;
CREATE TABLE stepped.by (seconds integer);
INSERT INTO stepped.by VALUES (0);
CREATE FUNCTION stepped.statement_timestamp() RETURNS timestamptz LANGUAGE sql AS $$
  SELECT pg_catalog.statement_timestamp() + seconds * interval '1 second' FROM stepped.by
$$;
"""
"""A clock of a database that can be set: it is asked before PostgreSQL's own."""
COMPARE = """
import json
from dashboard.models import Chunk, StoredReport, Watermark
from dashboard.storage.codec import decode_chunk, decode_report
from dashboard.storage.tiers import TIERS, rolled_up
differ = []
for tier in TIERS:
    mark = Watermark.objects.filter(tier=tier.seconds).values_list("rev", flat=True).first() or 0
    reports = StoredReport.objects.filter(rev__lte=mark).order_by("rev")
    told = rolled_up(tier, (decode_report(bytes(one.body)) for one in reports))
    rows = Chunk.objects.filter(tier=tier.seconds).values_list("series_id", "start", "body")
    kept = {(series, start): decode_chunk(bytes(body)) for series, start, body in rows}
    def near(one, other):
        return one.count == other.count and abs(one.sum - other.sum) <= 1e-6 * abs(other.sum)
    same = told.keys() == kept.keys() and all(
        told[key].keys() == kept[key].keys()
        and all(near(told[key][at], kept[key][at]) for at in told[key])
        for key in told
    )
    if not (mark and same):
        differ.append(tier.seconds)
print(json.dumps(differ))
"""


class Measured:
    """Asks the database, past everything that is tested."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def seconds_of(self, worker: int) -> list[int]:
        """Which seconds a worker, as it runs now, has stored of itself, in order of storing."""
        origin = f"%-{self._fleet.workers[worker].pid}-%"
        rows = self._ask(
            "SELECT beat FROM dashboard_storedreport WHERE origin LIKE %s ORDER BY rev", origin
        )
        return [int(str(second)) for (second,) in rows]

    def places_of(self, name: str) -> set[str]:
        """Where a series of this name was measured."""
        rows = self._ask("SELECT labels->>'worker' FROM dashboard_series WHERE name = %s", name)
        return {str(place) for (place,) in rows}

    @property
    def leader(self) -> int:
        """The process that holds the lease."""
        [(holder,)] = self._ask(
            "SELECT holder FROM dashboard_lease WHERE name = 'leader' AND until > now() "
            "UNION ALL SELECT 'nobody-0-' LIMIT 1"
        )
        return int(str(holder).split("-")[-2])

    @property
    def rolled_up(self) -> int:
        """Up to which rev the finest tier has everything."""
        rows = self._ask("SELECT rev FROM dashboard_watermark WHERE tier = 1")
        return int(str(rows[0][0])) if rows else 0

    @property
    def reported(self) -> int:
        [(rev,)] = self._ask("SELECT rev FROM dashboard_measures")
        return int(str(rev))

    def tiers_that_differ(self) -> list[int]:
        """In which tiers something stands that was not reported, or does not that was. Nobody
        may be rolling up."""
        differ: list[int] = json.loads(
            self._fleet.manage("shell", "--verbosity=0", "-c", COMPARE).splitlines()[-1]
        )
        return differ

    def make_clock(self) -> None:
        """Have the database's clock be one that can be set, for whoever connects from now on."""
        with psycopg.connect(self._fleet.database_url, autocommit=True) as server:
            server.execute(STEPPED)
            server.execute(
                f'ALTER DATABASE "{server.info.dbname}" '
                "SET search_path = stepped, pg_catalog, public"
            )

    def set_clock(self, seconds: int) -> None:
        """Set it so far from what it was in the beginning."""
        with psycopg.connect(self._fleet.database_url, autocommit=True) as server:
            server.execute("UPDATE stepped.by SET seconds = %s", [seconds])

    def _ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self._fleet.database_url) as server:
            return server.execute(query, values or None).fetchall()


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
