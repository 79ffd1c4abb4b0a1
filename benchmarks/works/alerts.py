"""Alerts: how long the leader takes to look at all rules once."""

import json

from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import prepared

RULES, LOOKS = 500, 41
SCRIPT = (
    "import json; from benchmarks.subjects import watched; "
    f"print(json.dumps(watched.look_at({RULES}, {LOOKS})))"
)


def measure(results: Results) -> None:
    for database in ("sqlite", "postgres"):
        with prepared(1, database=database) as installation:
            printed = installation.installation.manage(
                "shell", "--verbosity=0", "-c", SCRIPT, seconds=600
            )
        results.add("alerts", f"{SIGNALBOX.name}, {database}", RULES, **json.loads(printed))
