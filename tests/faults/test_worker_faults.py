"""Connections that are cut and workers that die, under load."""

import pytest

from tests.faults.conftest import Gather
from tests.faults.fleet import Fleet
from tests.faults.scale import Scale

pytestmark = pytest.mark.database("sqlite")


def test_connections_that_are_cut_again_and_again_lose_nothing(
    fleet: Fleet, gather: Gather, scale: Scale
):
    with gather(fleet) as crowd:
        with crowd.talking(), crowd.cutting(every=2):
            crowd.go_on(scale.load)
        crowd.nothing_was_lost()
        assert not crowd.codes()


def test_a_worker_that_is_killed_loses_nothing(fleet: Fleet, gather: Gather):
    doomed = fleet.workers[1]
    with gather(fleet) as crowd:
        with crowd.talking():
            doomed.kill()
            crowd.go_on(2)
            crowd.until_acknowledged(20)
            doomed.replace()
            crowd.go_on(1)
        crowd.nothing_was_lost()
        assert set(crowd.codes()) == {1006}
        closings = [one for page in crowd.pages for one in page.closings]
        assert {one.worker for one in closings} == {doomed.installation.url}


def test_who_is_on_a_worker_that_drains_is_sent_away_with_a_word(fleet: Fleet, gather: Gather):
    leaving = fleet.workers[1]
    with gather(fleet) as crowd:
        with crowd.talking():
            leaving.drain()
            crowd.go_on(1)
            leaving.replace()
        crowd.nothing_was_lost()
        assert set(crowd.codes()) == {4000}


def test_all_workers_can_be_replaced_one_after_the_other(fleet: Fleet, gather: Gather):
    with gather(fleet) as crowd:
        # Cut meanwhile, so that there are always some who come in while a worker goes.
        with crowd.talking(), crowd.cutting(every=1):
            for worker in fleet.workers:
                worker.drain()
                worker.replace()
        crowd.nothing_was_lost()
        assert set(crowd.codes()) == {4000}
