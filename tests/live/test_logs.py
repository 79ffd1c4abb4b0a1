"""A log that can be read while something is away."""

import logging

from realtime_project.live.logs import Seldom


def test_what_repeats_itself_is_said_once_a_minute():
    seldom = Seldom()

    def is_said(text: str, *, at: float) -> bool:
        record = logging.LogRecord("queue", logging.ERROR, "", 1, text, (), None)
        record.created = at
        return bool(seldom.filter(record))

    assert is_said("away", at=1000)
    assert is_said("something else", at=1001)
    assert not is_said("away", at=1059)
    assert is_said("away", at=1060)
    assert not is_said("away", at=1119)
