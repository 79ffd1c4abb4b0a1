"""Numbers may come as JSON, and nothing that is sent as such can do harm."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.ingest.faults import Bad, Reason
from dashboard.ingest.json_points import parse, split


def test_a_number_has_a_name_and_a_value_and_what_else_is_said():
    [(head, fields, at, _)], faults = parse(
        split(
            b'{"name": "took", "labels": {"b": "2", "a": "1"}, "value": 0.25, '
            b'"at": 1790000000.5, "kind": "histogram", "unit": "s"}'
        )
    )

    assert faults == []
    assert (head.name, head.labels) == ("took", (("a", "1"), ("b", "2")))
    assert (head.kind, head.unit) == ("histogram", "s")
    assert (fields, at) == ([("value", 0.25)], 1_790_000_000_500_000_000)


@pytest.mark.parametrize(
    "body",
    [b'[{"name":"a","value":1},{"name":"b","value":2}]',
     b'{"name":"a","value":1}\n\n{"name":"b","value":2}\n'],
)  # fmt: skip
def test_many_come_as_a_list_or_in_lines(body: bytes):
    read, faults = parse(split(body))

    assert [head.name for head, _, _, _ in read] == ["a", "b"]
    assert faults == []


def test_a_bad_one_costs_itself_alone_and_is_named_by_its_place():
    read, faults = parse(
        split(
            b'[{"name":"a","value":1}, 7, {"name":"b"}, {"name":"c","value":"x"}, '
            b'{"name":"d","value":1,"at":1e300}, {"name":"e","value":1,"colour":1}, '
            b'{"name":"x\\u0000","value":1}, {"name":"f","value":2}]'
        )
    )

    assert [head.name for head, _, _, _ in read] == ["a", "f"]
    assert [fault.line for fault in faults] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("body", [b"[", b'[{"name":"a","value":1}', b"[1,]", b"[" * 100_000])
def test_a_list_that_is_none_is_refused_whole(body: bytes):
    with pytest.raises(Bad) as refused:
        split(body)

    assert refused.value.reason is Reason.SYNTAX


@given(st.one_of(st.binary(), st.binary().map(lambda body: b"[" + body + b"]")))
def test_nothing_else_is_raised(body: bytes):
    with suppress(Bad):
        parse(split(body))
