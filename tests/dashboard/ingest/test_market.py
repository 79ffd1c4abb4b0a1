"""A market tells a thousand prices a second: of every second the least, the most and the last are
exact, by real HTTP into a real server."""

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

from dashboard.demo.feed import Feed
from dashboard.demo.market import SYMBOLS, Market, Tick
from dashboard.management.commands.demo_feed import due
from tests.dashboard.ingest.sending import make_sources, said, stored
from tests.servers.installation import Installation

SECONDS = 5
PER_SECOND = 1_000
TICKS_A_BATCH = 100
SECOND = 1_000_000_000


def expected(ticks: list[Tick]) -> dict[str, list[list[float]]]:
    told: dict[str, dict[int, list[Tick]]] = defaultdict(lambda: defaultdict(list))
    for tick in ticks:
        told[f"price{{symbol={tick.symbol}}}"][tick.at // SECOND].append(tick)
    return {
        series: [
            [
                second,
                len(some),
                min(tick.price for tick in some),
                max(tick.price for tick in some),
                max(some, key=lambda tick: tick.at).price,
            ]
            for second, some in sorted(seconds.items())
        ]
        for series, seconds in told.items()
    }


def test_every_second_of_every_price_is_exact(live_server_process: Installation):
    tokens = make_sources(live_server_process, "market")
    start = (int(time.time()) - 60) * SECOND
    ticks = list(Market(seed=7).ticks(start, SECONDS * PER_SECOND, PER_SECOND))
    batches = [ticks[at : at + TICKS_A_BATCH] for at in range(0, len(ticks), TICKS_A_BATCH)]

    def send(some: list[list[Tick]]) -> None:
        feed = Feed(live_server_process.url, tokens["market"])
        for batch in some:
            feed.send(tick.line for tick in batch)
        feed.close()

    # Of four programs at once, so that the parts of one second arrive in any order.
    with ThreadPoolExecutor(4) as programs:
        list(programs.map(send, [batches[number::4] for number in range(4)]))

    found = {
        series: [[second, count, least, most, last] for second, count, _, least, most, last in rows]
        for series, rows in stored(live_server_process).items()
    }
    assert len(found) == SYMBOLS
    assert found == expected(ticks)


def test_the_demo_feed_is_taken(live_server_process: Installation):
    live_server_process.manage(
        "demo_feed", "--url", live_server_process.url, "--seconds", "2", "--rate", "200"
    )

    sources, series = said(
        live_server_process,
        "import json\nfrom dashboard.models import IngestSource, Series\n"
        "series = Series.objects.filter(source__isnull=False)\n"
        "print(json.dumps([IngestSource.objects.count(), series.count()]))",
    )
    assert (sources, series) == (1, SYMBOLS)


def test_the_demo_feed_keeps_pace_however_long_an_answer_takes():
    sent = 0
    for milliseconds in (100, 350, 2_000, 2_001):
        sent += due(milliseconds * 1_000_000, 1_000, sent, None)
        assert sent == milliseconds

    assert due(10 * SECOND, 1_000, 4_990, 5_000) == 10
    assert due(10 * SECOND, 1_000, 5_000, 5_000) == 0
