"""Notifications: from what somebody says to the open pages of those whom it concerns."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from benchmarks.listeners import Timed, listening
from benchmarks.machine import BOTH_CORES, pinned
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import Prepared, prepared
from tests.servers.installation import MANAGE
from tests.servers.process import free_port
from tests.servers.valkey import serve_valkey

PEOPLE, MENTIONS, PER_SECOND = 1000, 3000, 200
ONLINE = 5000
SETTLE_SECONDS, PATIENCE_SECONDS = 2, 60


def measure(results: Results) -> None:
    _mentions(results)
    _announcement(results)


def _mentions(results: Results) -> None:
    """People are mentioned in turn; how long until the page of each shows it."""
    with everybody_here(PEOPLE, ["inbox"]) as (installation, listeners):
        installation.run(f"mention_in_turn({PEOPLE}, 200, {PER_SECOND})")  # warm
        said = installation.run(f"mention_in_turn({PEOPLE}, {MENTIONS}, {PER_SECOND})")
        told = [
            (listeners[person], f'"message":{message},', when) for person, message, when in said
        ]
        took = seconds_until_heard(told)
    results.add(
        "inbox",
        SIGNALBOX.name,
        PEOPLE,
        mention_p50_ms=quantile(took, 0.5) * 1e3,
        mention_p95_ms=quantile(took, 0.95) * 1e3,
        mention_p99_ms=quantile(took, 0.99) * 1e3,
    )


def _announcement(results: Results) -> None:
    """Everybody has a page open; how long until the last of them shows an announcement."""
    with everybody_here(ONLINE, ["inbox", "announcements"]) as (installation, listeners):
        when = installation.run("announce('Tonight at ten')")
        took = seconds_until_heard([(one, "Tonight at ten", when) for one in listeners])
    results.add("inbox", SIGNALBOX.name, ONLINE, announcement_last_s=max(took))


@contextmanager
def everybody_here(people: int, topics: Sequence[str]) -> Iterator[tuple[Prepared, list[Timed]]]:
    """A socket of each person, half of them on each of two workers."""
    with ExitStack() as stack:
        valkey = stack.enter_context(serve_valkey())
        installation = stack.enter_context(prepared(people, REDIS_URL=valkey.url))
        jobs = pinned(BOTH_CORES, [*MANAGE, "jobs"])
        stack.enter_context(installation.installation.doing_jobs(jobs))
        sessions, half = installation.sessions, people // 2
        listeners: list[Timed] = []
        for some in (sessions[:half], sessions[half:]):
            server = stack.enter_context(installation.served(cores=BOTH_CORES, port=free_port()))
            listeners += stack.enter_context(listening(server, some, topics))
        time.sleep(SETTLE_SECONDS)
        yield installation, listeners


def seconds_until_heard(told: Sequence[tuple[Timed, str, float]]) -> list[float]:
    """Wait until each has heard their text; returns how long after it was said."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    return [_heard(one, text, deadline) - when for one, text, when in told]


def _heard(one: Timed, text: str, deadline: float) -> float:
    while (heard := one.heard_at(text)) is None:
        if time.monotonic() > deadline:
            raise RuntimeError(f"nobody heard {text!r}")
        time.sleep(0.2)
    return heard


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]
