"""What may be told beside a board's numbers: notes, alerts, and who reported.

Who runs the place sees all of it that the board's owner may see. Others see what concerns the
series that the board shows them: the workers that measured these, notes of the sources that sent
these, our own notes where it shows something of ours; and of alerts those of their rooms.
"""

from collections.abc import Collection
from dataclasses import dataclass

from dashboard.boards.access import Shown
from dashboard.boards.catalogue import catalogue
from dashboard.boards.panels import queries_of
from realtime_project.accounts.models import User


@dataclass(frozen=True)
class Concern:
    """What somebody who looks at a board may be told beside its numbers."""

    reader: User
    own: bool
    """Of what is our own …"""
    sources: Collection[int]
    """… and of these sources."""
    workers: Collection[str] | None = None
    """These alone, if they are named."""

    def is_about(self, worker: str) -> bool:
        """Whether a worker is among those that somebody is told of."""
        return self.workers is None or worker in self.workers


def concern_of(shown: Shown, reader: User) -> Concern:
    """Return what a reader may be told beside a board's numbers."""
    if reader.is_staff:
        return Concern(reader, shown.scope.own, set(shown.scope.sources))
    catalogue.refresh()
    series = catalogue.select(queries_of(shown.body), shown.scope).values()
    slugs = {one.source for one in series}
    sources = {pk for pk, slug in shown.scope.sources.items() if slug in slugs}
    return Concern(reader, "" in slugs, sources, {one.worker for one in series if not one.source})
