"""One post at a time to 200 receivers: when the last of them has it."""

from benchmarks.results import Results
from benchmarks.subjects.registry import SUBJECTS

SOCKETS, POSTS, PER_SECOND = 200, 120, 15
SLOW_PER_SECOND = 8


def measure(results: Results) -> None:
    for subject in SUBJECTS:
        pace = SLOW_PER_SECOND if subject.is_slow else PER_SECOND
        with (
            results.unless_missing(subject.name),
            subject.serve(SOCKETS) as server,
            server.crowd() as crowd,
        ):
            crowd.open(SOCKETS)
            crowd.post(10, pace)  # warm
            [group] = crowd.post(POSTS, pace)["groups"]
            results.add(
                "receivers",
                subject.name,
                SOCKETS,
                last_p50_ms=group["last_p50_ms"],
                last_p99_ms=group["last_p99_ms"],
            )
