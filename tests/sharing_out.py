"""How a run is shared out between the processes of pytest-xdist.

What is slow to start is shared by tests of one process: those of a file a server, the journeys a
browser too, those of deploy/ a cluster, the battery its servers. Whatever took longest the last
time it was noted down (`--note-durations`) begins first, so that nobody is left alone with it at
the end.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

DURATIONS = Path(__file__).parent / "durations.json"
TOGETHER = ("tests/deploy/", "tests/rfc6455/")
# A file that was never noted down is put where it does no harm, if it starts servers.
SLOW = ("tests/deploy/", "tests/rfc6455/", "tests/faults/", "tests/journeys/")
UNKNOWN_SECONDS = 20.0


def scope_of(nodeid: str) -> str:
    """What a test is shared out with."""
    for folder in TOGETHER:
        if nodeid.startswith(folder):
            return folder
    return nodeid.partition("::")[0]


class Together(LoadScopeScheduling):
    """Gives the tests of a scope to one process, in the order in which they come."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def longest_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    durations = read_durations()
    return sorted(items, key=lambda item: -expected(scope_of(item.nodeid), durations))


def expected(scope: str, durations: Mapping[str, float]) -> float:
    """How many seconds it is going to take, as far as anybody knows."""
    return durations.get(scope, UNKNOWN_SECONDS if scope.startswith(SLOW) else 0.0)


def read_durations() -> dict[str, float]:
    durations: dict[str, float] = json.loads(DURATIONS.read_text())
    return durations


def note_durations(reports: Iterable[pytest.TestReport]) -> None:
    """Write down how long the scopes of this run took; of the others stays what was known. Those
    that took less than a second may begin whenever they like."""
    took: defaultdict[str, float] = defaultdict(float)
    for report in reports:
        took[scope_of(report.nodeid)] += report.duration
    known = read_durations() | took
    lasting = {scope: round(known[scope]) for scope in sorted(known) if known[scope] >= 1}
    DURATIONS.write_text(json.dumps(lasting, indent=2) + "\n")
