"""`make bench` measures everything, `make bench WORK="fan-out connect"` some of it anew."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import crowd, machine, plot, report
from benchmarks.results import Results
from benchmarks.works import (
    alerts,
    audience,
    connect,
    events,
    fan_out,
    idle,
    inbox,
    ingest,
    measuring,
    memory,
    mixed,
    pages,
    posts,
    receivers,
    resume,
    viewers,
    workers,
)
from tests.servers.process import NotInstalled

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"

WORKS: dict[str, Callable[[Results], None]] = {
    "fan-out": fan_out.measure,
    "mixed": mixed.measure,
    "posts": posts.measure,
    "receivers": receivers.measure,
    "workers": workers.measure,
    "connect": connect.measure,
    "memory": memory.measure,
    "resume": resume.measure,
    "idle": idle.measure,
    "events": events.measure,
    "inbox": inbox.measure,
    "audience": audience.measure,
    "ingest": ingest.measure,
    "pages": pages.measure,
    "measuring": measuring.measure,
    "viewers": viewers.measure,
    "alerts": alerts.measure,
}


def main(names: list[str]) -> None:
    try:
        crowd.build()
    except NotInstalled as missing:
        sys.exit(f"Nothing can be measured without {missing}: apt-get install gcc libc6-dev")
    # What is started inherits it: brokers and databases run beside the load.
    os.sched_setaffinity(0, {int(machine.LOAD_CORE)})
    results = Results.read(RESULTS) if names else Results(machine.describe())
    for name in names or WORKS:
        results.begin(name)
        WORKS[name](results)
        # After each: what was measured is not lost with a work that fails.
        _write(results)


def _write(results: Results) -> None:
    results.write(RESULTS)
    report.write_into(HERE / "README.md", results)
    plot.write(HERE / "results.svg", results)


if __name__ == "__main__":
    main(sys.argv[1:])
