"""How the window follows the reports: the hub tells of each, in order."""

import asyncio
from collections.abc import Callable

from dashboard.measuring.present import now
from dashboard.models import Measures, StoredReport
from dashboard.storage import anew
from dashboard.storage.reports import Told, load, told_in
from dashboard.storage.window import KEPT_SECONDS, MOST_BYTES, Window
from realtime_project.live.changes import Change, Row
from realtime_project.live.check import compare
from realtime_project.live.database import in_database
from realtime_project.live.hub import Hub

KEY = f"{Measures.kind}:1"
LOOK_SECONDS = 1.0
MOST_REPORTS = 20_000

OnReport = Callable[[Told], None]


async def keep_following(window: Window, hub: Hub, on_report: OnReport) -> None:
    """Fill the window and have the hub tell it of what comes, for ever. `on_report` is told of
    each report that comes, and not of those that were there before."""
    compare(Measures.kind, heads_many)
    while True:
        # A hub that begins anew, because a backup was restored, follows nothing any more.
        if window.has_hole or not hub.is_tapped(KEY):
            await _begin(window, hub, on_report)
        await asyncio.sleep(LOOK_SECONDS)


def heads_many(keys: object) -> dict[str, tuple[int, bytes | None]]:
    """Return how far the reports have come, for the hub's check."""
    return {KEY: (Measures.current().rev, None)}


async def _begin(window: Window, hub: Hub, on_report: OnReport) -> None:
    # What is stored may be another database's by now.
    anew.forget()
    # Until it is filled: a database that is away in the middle of this must not leave it so.
    window.has_hole = True
    meanwhile: list[Row] = []
    # Before anything is read: what comes while that is under way need not be in it.
    hub.tap(KEY, _load, meanwhile.append)
    rev, reports = await in_database(_recent)
    window.begin(rev, reports)

    def take(row: Row) -> None:
        told = told_in(row.data)
        window.add(row.rev, told.body, told.sent)
        on_report(told)

    for row in meanwhile:
        take(row)
    hub.tap(KEY, _load, take, rev)
    # The check may have told the hub how far the reports have come, after they were read: then it
    # goes on from there, and nobody is told of those in between.
    window.has_hole |= hub.feed(KEY, _load).rev > window.rev


async def _load(key: str, after: int) -> Change:
    return await in_database(load, key, after)


def _recent() -> tuple[int, list[tuple[int, bytes]]]:
    rev = Measures.current().rev
    reports = StoredReport.objects.filter(
        rev__lte=rev, second__gte=int(now()) - KEPT_SECONDS
    ).order_by("-rev")
    found: list[tuple[int, bytes]] = []
    size = 0
    for number, body in reports.values_list("rev", "body")[:MOST_REPORTS].iterator():
        size += len(body)
        if size > MOST_BYTES:
            break
        found.append((number, bytes(body)))
    return rev, found[::-1]
