"""Logging never waits, never fails and never goes in circles because lines are kept."""

import logging
from collections.abc import Iterator

import pytest

from dashboard.logs import handler
from dashboard.logs.handler import LogViewHandler, Queue, Written

LINE = Written(1.0, "info", "tests", "hello")


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue(most=5)
    monkeypatch.setattr(handler, "queue", queue)
    return queue


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.Logger("tests.logs")  # noqa: LOG001 (beside all others)
    logger.addHandler(LogViewHandler())
    yield logger
    logger.handlers.clear()


def texts(queue: Queue) -> list[str]:
    return [line.text for line in queue.take(100)]


def test_a_line_is_put_as_it_is_said(queue: Queue, logger: logging.Logger):
    logger.warning("%d sockets closed", 7)

    [line] = queue.take(100)
    assert (line.level, line.logger, line.text) == ("warning", "tests.logs", "7 sockets closed")


def test_a_traceback_belongs_to_its_line(queue: Queue, logger: logging.Logger):
    try:
        raise ValueError("no such room")
    except ValueError:
        logger.exception("It failed")

    [text] = texts(queue)
    assert text.startswith("It failed\nTraceback")
    assert text.endswith("ValueError: no such room")


def test_what_is_too_much_is_counted_and_dropped(queue: Queue, logger: logging.Logger):
    for number in range(8):
        logger.info("line %d", number)

    assert texts(queue) == [f"line {number}" for number in range(5)]
    assert (queue.take_dropped(), queue.take_dropped()) == (3, 0)


def test_a_line_that_cannot_be_said_harms_nobody(queue: Queue, logger: logging.Logger):
    logger.info("%d sockets", "seven")

    assert texts(queue) == []
    assert queue.take_dropped() == 1


def test_what_keeping_logs_is_not_kept_for_ever(queue: Queue, logger: logging.Logger):
    with queue.keeping():
        logger.error("a line about lines")
    logger.info("after it")

    assert texts(queue) == ["after it"]


def test_nobody_waits_for_a_lock(queue: Queue):
    assert LogViewHandler().lock is None


def test_what_could_not_be_kept_comes_before_what_came_meanwhile(queue: Queue):
    for text in "abc":
        queue.put(LINE._replace(text=text))
    taken = queue.take(3)
    for text in "defg":
        queue.put(LINE._replace(text=text))

    queue.put_back(taken)

    assert texts(queue) == list("cdefg")
    assert queue.take_dropped() == 2
