"""What somebody was told is stored is stored, whatever happens to the server afterwards."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from dashboard.demo.feed import Feed, Refused
from tests.conftest import NewInstallation
from tests.dashboard.ingest.sending import make_sources, stored

PROGRAMS = 4
AT_LEAST = 25


def test_no_number_that_was_acknowledged_is_lost_when_the_server_is_killed(
    new_installation: NewInstallation,
):
    installation = new_installation()
    token = make_sources(installation, "web1")["web1"]
    start = int(time.time()) - 86_400
    acknowledged: set[tuple[str, int]] = set()
    is_over = Event()

    def send(program: int) -> None:
        feed = Feed(installation.url, token)
        second = start
        while not is_over.is_set():
            second += 1
            lines = [f"n,program={program} value={second} {second}000000000"]
            try:
                feed.send(lines, attempts=1)
            except Refused:
                # Nobody listens, or nobody knows what became of it: the next second is sent.
                is_over.wait(0.05)
            else:
                acknowledged.add((f"n{{program={program}}}", second))

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 60
        while len(acknowledged) < count:
            assert time.monotonic() < deadline, f"only {len(acknowledged)} were taken"
            time.sleep(0.02)

    with ThreadPoolExecutor(PROGRAMS) as programs:
        try:
            with installation.served():
                for program in range(PROGRAMS):
                    programs.submit(send, program)
                wait_for(AT_LEAST)
                assert installation.process is not None
                installation.process.kill()
                installation.process.wait()
            before = len(acknowledged)
            with installation.served():
                wait_for(before + AT_LEAST)
        finally:
            is_over.set()

    found = {
        (series, int(second)): (count, last)
        for series, rows in stored(installation).items()
        for second, count, *_, last in rows
    }
    assert acknowledged <= found.keys()
    # Each was sent once, so none is there twice.
    assert set(found.values()) == {(1, second) for _, second in found}
