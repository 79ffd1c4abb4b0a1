"""What a board shows: a quarter of an hour of measurements, stored as a worker would."""

from contextlib import suppress

from playwright.sync_api import Locator, expect

from tests.journeys.stage import run
from tests.servers.installation import Installation

MOST_TIMES, NEWS_MS = 12, 5_000

MEASURE = """
import json, math, time
from dashboard.storage.points import single, spread
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store

now = int(time.time())
gap = range(now - 300, now - 240)
seconds = [one for one in range(now - {seconds}, now - 3) if one not in gap]
lanes = [
    Described(key_of({name!r}, {{"worker": f"web@{{number}}"}}), "gauge", {unit!r})
    for number in range({lanes})
]
pks = series_for(lanes)
for number, lane in enumerate(lanes):
    wave = lambda second: {base} * (1 + number / 4) * (1 + math.sin(second / 60 + number) / 5)
    points = [(one, pks[lane.key], single(wave(one), one)) for one in seconds]
    store([Report(f"web@{{number}}", points)])
print(json.dumps(now))
"""

TELL = """
import json, time
from dashboard.storage.points import single
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store

lane = Described(key_of({name!r}, {{"worker": "web@0"}}), "gauge", {unit!r})
second = int(time.time()) - 1
store([Report("web@0", [(second, series_for([lane])[lane.key], single({value}, second))])])
print(json.dumps(second))
"""


def measure(
    installation: Installation,
    name: str,
    *,
    unit: str = "s",
    lanes: int = 3,
    base: float = 0.01,
    seconds: int = 900,
) -> int:
    """Store lanes of `name`, web@0 and so on, up to now, with nothing for a minute; return when
    that was."""
    script = MEASURE.format(name=name, unit=unit, lanes=lanes, base=base, seconds=seconds)
    return int(run(installation, script))


def tell(installation: Installation, name: str, value: float, *, unit: str = "s") -> int:
    """Store one more value of web@0."""
    return int(run(installation, TELL.format(name=name, unit=unit, value=value)))


def tell_until_shown(
    installation: Installation, name: str, value: float, shown: Locator, words: str
) -> None:
    """Store a value without a unit, again and again, until it stands there. What was measured five
    seconds ago is no news any more, and a machine may be slower than that."""
    for _ in range(MOST_TIMES):
        tell(installation, name, value, unit="")
        with suppress(AssertionError):
            expect(shown).to_contain_text(words, timeout=NEWS_MS)
            return
    raise AssertionError(f"{words} never showed")
