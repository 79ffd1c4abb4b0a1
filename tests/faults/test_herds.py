"""Very many at once: they all come back in the same moment, or go while they are being told."""

import pytest

from tests.faults.fleet import Fleet
from tests.faults.herd import SOCKETS_A_PERSON, Herd
from tests.faults.scale import Scale
from tests.servers.installation import Installation
from tests.wire import client

pytestmark = pytest.mark.database("sqlite")

MAX_RSS_PER_SOCKET = 40 * 1024


def herd_of(fleet: Fleet, scale: Scale, prefix: str) -> tuple[Herd, str, str]:
    """A herd on the first worker; returns with it a room and the session of somebody in it."""
    people = -(-scale.herd // SOCKETS_A_PERSON) + 1
    rooms, [speaker, *sessions] = fleet.make_rooms(prefix, people=people, rooms=2)
    herd = Herd(fleet.workers[0].installation, sessions, ["me", *rooms], scale.herd)
    return herd, rooms[0], speaker


def say(worker: Installation, speaker: str, room: str, text: str) -> None:
    """Post over a socket of its own: nobody would answer pings between one post and the next."""
    with client(worker, speaker) as speaking:
        speaking.subscribe(room, 0)
        assert "ok" in speaking.post(room, text)


def test_everybody_comes_back_at_once_to_the_worker_that_is_left(fleet: Fleet, scale: Scale):
    herd, room, speaker = herd_of(fleet, scale, "returning")
    doomed, left = fleet.workers
    with herd.here(scale.patience):
        before, cpu = left.rss, left.cpu_seconds
        herd.worker = left.installation
        doomed.kill()
        say(left.installation, speaker, room, "while they come back")
        seconds = herd.until_told(scale.patience, losses=1)
        each = (left.rss - before) / scale.herd
        cpu = (left.cpu_seconds - cpu) / scale.herd
        print(  # noqa: T201 (the machine decides about the seconds, so they are not asserted)
            f"{scale.herd} sockets: {seconds:.1f} s, "
            f"{cpu * 1000:.1f} ms of CPU and {each / 1024:.1f} KiB each"
        )

        say(left.installation, speaker, room, "now that they are here")
        for text in ("while they come back", "now that they are here"):
            herd.until_heard(text, scale.patience)
            assert all(one.heard(text) == 1 for one in herd.listeners)
        assert each <= MAX_RSS_PER_SOCKET
    doomed.replace()


def test_who_goes_in_the_middle_of_a_fan_out_takes_nobody_along(fleet: Fleet, scale: Scale):
    herd, room, speaker = herd_of(fleet, scale, "leaving")
    worker = fleet.workers[0].installation
    with herd.here(scale.patience):
        with client(worker, speaker) as speaking:
            speaking.subscribe(room, 0)
            for number in range(15):
                for _ in range(scale.herd // 100):
                    herd.reset_one()
                assert "ok" in speaking.post(room, f"said number {number}.")
        stayed = [one for one in herd.listeners if not one.resets]
        assert len(stayed) < scale.herd
        herd.until_told(scale.patience)
        say(worker, speaker, room, "the end of it")
        herd.until_heard("the end of it", scale.patience)
        for number in range(15):
            assert all(one.heard(f"said number {number}.") == 1 for one in stayed)
