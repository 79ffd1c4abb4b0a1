"""The broker dies, stalls, forgets who listens, or is out of reach: it costs latency only."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import redis

from tests.conftest import NewInstallation
from tests.faults.conftest import Gather
from tests.faults.crowd import Crowd
from tests.faults.fleet import Fleet, Service
from tests.faults.inbox import JobsProcess, following
from tests.faults.scale import Scale
from tests.servers.hole import Hole, hole_before
from tests.servers.process import free_port
from tests.servers.requirements import required
from tests.servers.valkey import Valkey, serve_valkey

pytestmark = pytest.mark.database("sqlite")

BACK = "The channel layer is back"


@dataclass
class Site:
    """Workers that reach their broker through a network which may be a hole."""

    fleet: Fleet
    broker: Service[Valkey]
    hole: Hole
    valkey: Valkey


@pytest.fixture(scope="module")
def site(new_installation: NewInstallation) -> Iterator[Site]:
    port = free_port()
    broker = Service(lambda: serve_valkey(port))
    with required(), hole_before(port) as hole:
        valkey = broker.start()
        settings = {"REDIS_URL": f"redis://127.0.0.1:{hole.port}/0"}
        with Fleet(new_installation(), 2, settings).served() as fleet:
            yield Site(fleet, broker, hole, valkey)
        broker.end()


@contextmanager
def nobody_notices(site: Site, gather: Gather) -> Iterator[Crowd]:
    """People talk while something is done to the broker. Then the workers use it again, nothing
    was lost, and no socket was closed for it."""
    times = [worker.log.count(BACK) for worker in site.fleet.workers]
    with gather(site.fleet) as crowd:
        with crowd.talking():
            yield crowd
            for worker, before in zip(site.fleet.workers, times, strict=True):
                worker.until_logged(BACK, before + 1)
        crowd.nothing_was_lost()
        assert not crowd.codes()


def test_a_broker_that_is_killed_and_comes_back_empty(site: Site, gather: Gather, scale: Scale):
    with nobody_notices(site, gather) as crowd:
        site.valkey.process.kill()
        crowd.go_on(scale.outage)
        crowd.until_acknowledged(20)
        site.broker.end()
        site.valkey = site.broker.start()


def test_a_broker_that_stalls(site: Site, gather: Gather, scale: Scale):
    with nobody_notices(site, gather) as crowd:
        site.valkey.process.send_signal(signal.SIGSTOP)
        crowd.go_on(scale.outage)
        crowd.until_acknowledged(20)
        site.valkey.process.send_signal(signal.SIGCONT)


def test_a_broker_that_cannot_be_reached(site: Site, gather: Gather, scale: Scale):
    with nobody_notices(site, gather) as crowd:
        site.hole.swallow()
        crowd.go_on(scale.outage)
        crowd.until_acknowledged(20)
        site.hole.mend()


def test_a_broker_that_forgets_who_listens(site: Site, gather: Gather, scale: Scale):
    with gather(site.fleet) as crowd:
        with crowd.talking(), redis.Redis(port=site.valkey.port) as operator:
            for _ in range(3):
                operator.execute_command("CLIENT KILL TYPE pubsub")
                crowd.go_on(scale.load / 3)
        crowd.nothing_was_lost()
        assert not crowd.codes()


def test_what_is_in_an_inbox_is_told_while_the_broker_is_away(site: Site, scale: Scale):
    with JobsProcess(site.fleet).here(), following(site.fleet) as bob:
        site.valkey.process.kill()
        bob.was_mentioned(scale.notifications // 2)
        bob.was_told_everything(scale.notifications // 2, scale.patience)

        site.broker.end()
        site.valkey = site.broker.start()
        bob.was_mentioned(scale.notifications // 2)
        took = bob.was_told_everything(scale.notifications, scale.patience)
    print(f"everything was told {took:.1f} s after the last post")  # noqa: T201 (figures of a long run)
