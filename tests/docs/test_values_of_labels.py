"""What a metric's labels can say is in its line of the table, as far as the source names it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from realtime_project.live import metrics
from realtime_project.live.transport import Transport
from realtime_project.routing import streams
from tests.docs.test_documentation import PYTHON
from tests.servers.installation import ROOT

TREES = [ast.parse(path.read_text()) for path in PYTHON]
LINES = dict(
    re.findall(r"^\| `(\w+)` \|(.*)\|$", (ROOT / "docs/metrics.md").read_text(), flags=re.MULTILINE)
)


def nodes() -> Iterator[ast.AST]:
    for tree in TREES:
        yield from ast.walk(tree)


def texts_in(node: ast.AST) -> set[str]:
    """The texts that an expression can be, or be made of."""
    match node:
        case ast.Constant(str(text)):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            return texts_in(body) | texts_in(orelse)
        case ast.Tuple(parts):
            return set().union(*map(texts_in, parts))
    return set()


def counted() -> dict[str, set[str]]:
    """What is counted by its name: `metrics.news.by["sent"]`."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in nodes():
        match node:
            case ast.Subscript(
                ast.Attribute(ast.Attribute(ast.Name("metrics"), name), "by"), labels
            ):
                found[getattr(metrics, name).name] |= texts_in(labels)
    return found


def reasons() -> set[str]:
    """Why a handshake is refused: `Refused(status, "origin")`."""
    found: set[str] = set()
    for node in nodes():
        match node:
            case ast.Call(ast.Name("Refused") | ast.Attribute(attr="Refused"), [_, reason]):
                found |= texts_in(reason)
    return found


def kinds_of(transport: Any) -> set[str]:
    below = set().union(*map(kinds_of, transport.__subclasses__()))
    return {transport.kind} | below


COUNTED = counted()


@pytest.mark.parametrize("metric", sorted(COUNTED))
def test_what_is_counted_by_name_is_told_of(metric):
    assert {value for value in COUNTED[metric] if f"`{value}`" not in told_of(metric)} == set()


def test_the_source_is_understood():
    assert COUNTED["signalbox_news_total"] == {"sent", "dropped", "heard", "wanted"}
    assert COUNTED["signalbox_replays_total"] == {"ring", "database", "subscribing"}
    assert {"origin", "session", "draining"} <= reasons()


def test_every_reason_for_which_a_handshake_is_refused_is_told_of():
    for reason in reasons():
        assert f"`{reason}`" in told_of("signalbox_handshakes_total"), reason


def test_every_way_in_is_told_of():
    for prefix in streams:
        name = prefix.strip("/").rpartition("/")[2]
        assert f"`{name}`" in told_of("signalbox_handshakes_total"), name
    for kind in kinds_of(Transport):
        assert f"`{kind}`" in told_of("signalbox_sockets"), kind


def told_of(metric: str) -> str:
    """The line of the table, with the statuses that stand there as numbers."""
    line: str = re.sub(r"\b(\d{3})\b", r"`\1`", LINES[metric])
    return line
