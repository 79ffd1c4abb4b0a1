"""What is counted of telling people, beside what the kernel counts.

Nearly all of it happens in the jobs process, in several threads: where more than one may count the
same, a lock is held. What waits is looked at by a job, and not when somebody asks, because who asks
for metrics is answered without the database.
"""

from threading import Lock

from realtime_project.live.metrics import Counter, Counters, Distribution, Value, reading

told = Counter("signalbox_told_total", "Changes that the outbox made in inboxes")
telling_seconds = Distribution(
    "signalbox_telling_seconds", "Time of one batch of the outbox, its transaction included"
)
outbound = Counters(
    "signalbox_outbound_total", "What left for the outside, or did not", "channel", "outcome"
)

_lock = Lock()
_waiting: dict[str, float] = {}
_happenings: list[float] = []


def count_told(changes: int, seconds: float) -> None:
    """Count a batch of the outbox that was told."""
    with _lock:
        told.n += changes
        telling_seconds.observe(seconds)


def count_outbound(channel: str, outcome: str, count: int = 1) -> None:
    """Count what has become of deliveries."""
    with _lock:
        outbound.by[(channel, outcome)] += count


def note_waiting(happenings: int, by_channel: dict[str, int]) -> None:
    """Keep what was found to wait, until it is looked at again."""
    _happenings[:] = [happenings]
    _waiting.update(dict.fromkeys(_waiting, 0) | by_channel)


@reading("signalbox_outbox_waiting", "Happenings that are due and not yet told")
def outbox_waiting() -> Value:
    return _happenings[0] if _happenings else None


@reading("signalbox_outbound_waiting", "Deliveries that are due and not yet sent", "channel")
def outbound_waiting() -> Value:
    return dict(_waiting) or None
