"""What `make bench` says is what it measured."""

import os

import pytest

from benchmarks.__main__ import HERE, RESULTS
from benchmarks.bars import BARS
from benchmarks.crowd import crowd
from benchmarks.plot import draw
from benchmarks.report import tables
from benchmarks.results import Results
from benchmarks.subjects.signalbox import Prepared
from tests.conftest import NewInstallation
from tests.servers.requirements import required

EVERYWHERE = ",".join(str(core) for core in os.sched_getaffinity(0))


@pytest.fixture
def results() -> Results:
    return Results.read(RESULTS)


def test_the_page_and_the_plot_are_made_from_the_results(results):
    assert tables(results) in (HERE / "README.md").read_text()
    assert draw(results) == (HERE / "results.svg").read_text()


def test_a_bar_is_met_on_its_own_side():
    [rate] = [bar for bar in BARS if bar.what == "Durable posts, SQLite"]
    [memory] = [bar for bar in BARS if bar.what == "Memory of a socket with 3 topics"]

    assert rate.is_met(rate.limit)
    assert not rate.is_met(rate.limit - 1)
    assert memory.is_met(memory.limit)
    assert not memory.is_met(memory.limit + 1)


def test_what_was_not_measured_is_said_to_be_missing_and_not_met():
    page = tables(Results({}, left_out={"nchan": "no nginx"}))

    assert page.count("not measured") == len(BARS)
    assert "met" not in page.replace("not measured", "")
    assert "nchan: no nginx" in page


def test_every_post_reaches_every_socket_of_a_crowd(new_installation: NewInstallation):
    installation = Prepared(new_installation()).with_people(6, 1)
    with (
        required(),
        installation.served(cores=EVERYWHERE) as server,
        crowd(server.dialect, server.port, server.sessions, cores=EVERYWHERE) as sockets,
    ):
        opened = sockets.open(6)
        evenly = sockets.post(4, per_second=20)
        at_once = sockets.flood(3)
        sockets.drop()
        again = sockets.open(0)

    assert (opened["live"], again["live"]) == (6, 6)
    assert evenly["deliveries"] == 4 * 6
    assert (at_once["answers"], at_once["deliveries"]) == (18, 18 * 6)
