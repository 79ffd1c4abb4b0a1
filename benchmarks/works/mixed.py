"""Mixed: a lively room on a machine that nobody has divided up, with large code blocks in it."""

import json

from benchmarks.crowd import crowd
from benchmarks.machine import BOTH_CORES
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import prepared

SOCKETS, POSTS, PER_SECOND = 500, 400, 20
LARGE_EVERY = 10
LINE = "    total += sum(price * amount for price, amount in order.lines)  # in cents\n"
# As large as code may be to be coloured, and text around it.
LARGE = f"```python\n{LINE * 25}```\n" + "Some **words** about it. " * 100


def measure(results: Results) -> None:
    large = json.dumps(LARGE)[1:-1]
    with (
        prepared(SOCKETS) as installation,
        installation.served(cores=BOTH_CORES) as server,
        crowd(
            server.dialect, server.port, server.sessions,
            cores=BOTH_CORES, large=large, large_every=LARGE_EVERY,
        ) as sockets,
    ):  # fmt: skip
        sockets.open(SOCKETS)
        sockets.post(20, PER_SECOND)  # warm
        [group] = sockets.post(POSTS, PER_SECOND)["groups"]
    results.add(
        "mixed",
        SIGNALBOX.name,
        SOCKETS,
        last_p50_ms=group["last_p50_ms"],
        last_p99_ms=group["last_p99_ms"],
    )
