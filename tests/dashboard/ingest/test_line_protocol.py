"""Line protocol is read as Telegraf and others write it, and nothing that is sent can do harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.ingest.faults import Reason
from dashboard.ingest.gathering import Fields
from dashboard.ingest.line_protocol import NANOSECONDS, parse, text_of

Said = tuple[str, dict[str, str], Fields, int | None]


def read(text: str, precision: str = "ns") -> list[Said]:
    lines, faults = parse(text.split("\n"), nanoseconds=NANOSECONDS[precision])
    assert faults == []
    return [(head.name, dict(head.labels), fields, at) for head, fields, at, _ in lines]


def faults(text: str) -> list[tuple[int, Reason]]:
    return [(fault.line, fault.reason) for fault in parse(text.split("\n"))[1]]


def test_a_line_has_a_name_tags_fields_and_a_time():
    assert read("weather,station=7,city=Bern temperature=21.5,rain=0i 1790000000000000001") == [
        (
            "weather",
            {"city": "Bern", "station": "7"},
            [("temperature", 21.5), ("rain", 0.0)],
            1_790_000_000_000_000_001,
        )
    ]


def test_neither_tags_nor_a_time_are_needed():
    assert read("load value=1") == [("load", {}, [("value", 1.0)], None)]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1", 1.0), ("-1.5", -1.5), ("+2.", 2.0), (".5", 0.5), ("1e3", 1000.0), ("1.5E-2", 0.015),
        ("7i", 7.0), ("-7i", -7.0), ("7u", 7.0),
        ("t", 1.0), ("True", 1.0), ("TRUE", 1.0), ("f", 0.0), ("false", 0.0),
    ],
)  # fmt: skip
def test_a_value_may_be_written_in_many_ways(written: str, number: float):
    assert read(f"m value={written}") == [("m", {}, [("value", number)], None)]


@pytest.mark.parametrize(
    "written",
    ["nan", "NaN", "inf", "-Infinity", "1e999", "1_000", "0x1", "1.5i", "1ii", "i", "-1u", "--1",
     "9223372036854775808i", "18446744073709551616u", "٣", "tRUE", '"', '"open', "'x'"],
)  # fmt: skip
def test_what_is_no_value_is_refused(written: str):
    assert [line for line, _ in faults(f"m value={written}")] == [1]


def test_a_text_is_no_number_and_costs_nothing():
    assert read(r'm text="a, b=c \" \\",value=2 5') == [("m", {}, [("value", 2.0)], 5)]
    assert read('m text="only this"') == [("m", {}, [], None)]


def test_names_may_hold_what_separates_when_it_is_escaped():
    assert read(r"my\ room\,west,tag\ key=a\=b\,c\ d the\=field=1") == [
        ("my room,west", {"tag key": "a=b,c d"}, [("the=field", 1.0)], None)
    ]


def test_a_backslash_before_anything_else_is_itself():
    assert read(r"disk,path=C:\temp\d value=1") == [
        ("disk", {"path": r"C:\temp\d"}, [("value", 1.0)], None)
    ]


@pytest.mark.parametrize(("precision", "time"), [
    ("ns", 1_790_000_000_000_000_000), ("us", 1_790_000_000_000_000), ("u", 1_790_000_000_000_000),
    ("ms", 1_790_000_000_000), ("s", 1_790_000_000), ("m", 29_833_333), ("h", 497_222),
])  # fmt: skip
def test_times_are_of_the_precision_that_was_said(precision: str, time: int):
    [(_, _, _, at)] = read(f"m value=1 {time}", precision)

    assert at == time * NANOSECONDS[precision]


def test_empty_lines_comments_and_returns_are_passed_over():
    assert len(read('\n# one, "two\nm value=1 5\r\n\r\n  m value=2  6  \n  # three\n')) == 2


def test_a_bad_line_costs_itself_alone_and_is_named_by_its_number():
    text = 'good value=1\nbad\n\n,a=1 value=1\ngood value=2\nbad "x"=1 2 3\ngood value=3 4x\n'

    lines, bad = parse(text.split("\n"))

    assert [fields for _, fields, _, _ in lines] == [[("value", 1.0)], [("value", 2.0)]]
    assert [(fault.line, fault.reason) for fault in bad] == [
        (2, Reason.SYNTAX), (4, Reason.SYNTAX), (6, Reason.TIME), (7, Reason.TIME)
    ]  # fmt: skip
    assert all(fault.detail for fault in bad)


def test_a_quote_that_is_never_closed_swallows_no_other_line():
    assert faults('m text="begins\nm value=1\nm value=2') == [(1, Reason.SYNTAX)]


@pytest.mark.parametrize(
    "line",
    ["m", "m ", "m a", "m a=", "m =1", "m a=1,", "m a=1,,b=2", "m, a=1", "m,t a=1", "m,t= a=1",
     "m,=x a=1", "m,t=1,t=2 a=1", "m,t=a=b value=1", 'm a="x"y', 'm a="x" b', "m a=1 2 3",
     "m a=1 1.5", "m a=1 99999999999999999999", "m\0 a=1", "m a\x1b=1", "m\u2028x a=1"],
)  # fmt: skip
def test_what_is_no_line_is_refused(line: str):
    assert [number for number, _ in faults(line)] == [1]


def test_what_is_too_long_is_refused():
    assert faults(f"{'m' * 1025} value=1") == [(1, Reason.SIZE)]
    assert faults(f"m {'f' * 201}=1") == [(1, Reason.SIZE)]
    assert faults(f'm text="{"x" * 70_000}"') == [(1, Reason.SIZE)]


def test_bytes_that_are_no_text_cost_the_lines_in_which_they_are():
    text = text_of(b"good value=1\nbad\xff value=1\nZ\xc3\xbcrich value=2\n")

    lines, bad = parse(text.split("\n"))

    assert [head.name for head, _, _, _ in lines] == ["good", "Zürich"]
    assert [fault.line for fault in bad] == [2]


# --- Whatever is sent ------------------------------------------------------------------------

printable = st.characters(exclude_categories=("C", "Z"))
# A backslash at the end of a name cannot be written: it would escape what follows.
names = (
    st.text(st.one_of(st.sampled_from(' ,=\\"#'), printable), min_size=1, max_size=20)
    .filter(lambda name: name[-1] != "\\" and name[0] != "#")
    .filter(lambda name: name.strip(" ") == name)
)
measurements = names
numbers = st.floats(allow_nan=False, allow_infinity=False)
times = st.one_of(st.none(), st.integers(-(10**18), 10**18))
said = st.tuples(
    measurements,
    st.dictionaries(names, names, max_size=4),
    st.lists(st.tuples(names, numbers), min_size=1, max_size=4),
    times,
)


def written(one: Said) -> str:
    name, tags, fields, at = one
    head = ",".join(
        [name.replace(",", r"\,").replace(" ", r"\ ")]
        + [f"{escaped(key)}={escaped(value)}" for key, value in tags.items()]
    )
    values = ",".join(f"{escaped(key)}={value!r}" for key, value in fields)
    return f"{head} {values}" + ("" if at is None else f" {at}")


def escaped(name: str) -> str:
    return name.replace(",", r"\,").replace("=", r"\=").replace(" ", r"\ ")


@given(said)
def test_what_was_written_is_read(one: Said):
    assert read(written(one)) == [one]


@given(st.text(st.one_of(st.sampled_from(' ,=\\"#\n\r019eimt.-'), st.characters())))
def test_nothing_raises(text: str):
    lines, bad = parse(text.split("\n"))

    assert len(lines) + len(bad) <= text.count("\n") + 1


@given(st.binary())
def test_no_bytes_raise(body: bytes):
    parse(text_of(body).split("\n"))


@given(st.lists(st.one_of(said.map(written), st.text(st.sampled_from(' ,=\\"ab1')))))
def test_a_bad_line_among_good_ones_changes_nothing_for_them(lines: list[str]):
    alone = [
        found for number, line in enumerate(lines, 1) for found in parse([line], first=number)[0]
    ]

    assert parse(lines)[0] == alone


@given(st.lists(st.text(st.sampled_from("ab=,1 "))))
def test_the_short_way_and_the_long_way_read_alike(lines: list[str]):
    # What is quoted, if only in a field that holds no number, goes the long way.
    for line in lines:
        short, long = parse([f"m,{line}"])[0], parse([f'm,{line},q="" '])[0]
        if short and short[0][2] is None and long:
            assert short == long
