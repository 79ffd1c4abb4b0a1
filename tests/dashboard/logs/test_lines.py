"""Lines are cut into batches that fit into frames, and come back as they were."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from dashboard.ingest.faults import Reason
from dashboard.ingest.log_lines import Said, parse
from dashboard.logs.lines import (
    BYTES_A_BATCH,
    LEVELS,
    LINES_A_BATCH,
    Line,
    batches,
    pack,
    tidy,
    unpack,
)

NOW = 1_790_000_000.0
SAID = Said("web1", NOW, origin="deploy")
lines = st.builds(
    Line,
    at=st.floats(0, 2e9),
    level=st.sampled_from(LEVELS),
    source=st.just("app"),
    origin=st.just("web@0"),
    logger=st.text(max_size=20),
    text=st.text(max_size=9_000).map(tidy),
)


@given(st.lists(lines, max_size=30))
def test_nothing_is_lost_by_cutting_and_packing(told: list[Line]):
    cut = batches(told)

    assert [line for batch in cut for line in unpack(pack(batch))] == told
    for batch in cut:
        assert len(batch) == 1 or len(msgspec.json.encode(batch)) <= BYTES_A_BATCH + 2
        assert len(batch) <= LINES_A_BATCH


def test_colours_and_what_is_no_character_are_taken_out():
    assert tidy("\x1b[1;31mfailed\x1b[0m\0 at\tnoon\nagain\ud800") == "failed at\tnoon\nagain"


def test_a_long_line_is_cut():
    assert len(tidy("x" * 100_000)) == 8 * 1024


def test_plain_text_says_its_level_by_a_word():
    read, faults = parse(
        ["12:01 WARN disk nearly full", "", "ERROR: no space", "all is well"], SAID, is_json=False
    )

    assert faults == []
    assert [(line.level, line.text) for line in read] == [
        ("warning", "12:01 WARN disk nearly full"),
        ("error", "ERROR: no space"),
        ("info", "all is well"),
    ]
    assert {(line.at, line.source, line.origin) for line in read} == {(NOW, "web1", "deploy")}


def test_json_says_more():
    read, faults = parse(
        ['{"message": "hello", "severity": "ERR", "ts": "2026-05-04T12:00:00Z", "host": "a"}',
         '{"text": "hi", "at": 1789999999.5, "logger": "jobs"}', "[]", '{"level": "info"}'],
        SAID, is_json=True,
    )  # fmt: skip

    assert read[0] == Line(1_777_896_000.0, "error", "web1", "a", "", "hello")
    assert read[1] == Line(1_789_999_999.5, "info", "web1", "deploy", "jobs", "hi")
    assert [(fault.line, fault.reason) for fault in faults] == [
        (3, Reason.SYNTAX),
        (4, Reason.VALUE),
    ]


def test_a_time_that_cannot_be_is_now():
    told = ['"x"', "true", "1e300", "-5", "1" + "0" * 400, '"2026-05-04T12:00:00"', "null"]

    read, _ = parse([f'{{"text": "x", "at": {at}}}' for at in told], SAID, is_json=True)

    assert {line.at for line in read} == {NOW}
    assert len(read) >= 6


@given(st.lists(st.text()), st.booleans())
def test_nothing_raises(told: list[str], is_json: bool):
    read, faults = parse(told, SAID, is_json=is_json)

    assert len(read) + len(faults) <= len(told)
