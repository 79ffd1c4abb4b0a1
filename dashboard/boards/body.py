"""A board as JSON: what is stored, edited, copied and imported. The limits are in the types."""

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from dashboard.queries import Query

COLUMNS = 12
MAX_PANELS = 40
MAX_QUERIES = 10
MAX_LANES = 50
"""Of one panel: more nobody can tell apart."""
MAX_BODY_BYTES = 256 * 1024

Kind = Literal["stat", "line", "area", "stacked", "gauge", "table", "heatmap", "log"]
Title = Annotated[str, Meta(min_length=1, max_length=80)]
Option = bool | int | float | Annotated[str, Meta(max_length=200)] | None
Options = list[Annotated[str, Meta(max_length=80)]] | Option
_PLACE = re.compile(r"\$((?:\[\d+\]|\.\w+|\[\.\.\.\])*)")


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which value on it is worth a colour."""

    at: float
    level: Literal["warning", "critical"]


class Panel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part of a board, and its place on a grid of 12 columns."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,20}$")]
    title: Annotated[str, Meta(max_length=80)]
    kind: Kind
    x: Annotated[int, Meta(ge=0, lt=COLUMNS)]
    y: Annotated[int, Meta(ge=0, le=1000)]
    w: Annotated[int, Meta(ge=1, le=COLUMNS)]
    h: Annotated[int, Meta(ge=1, le=20)]
    unit: Annotated[str, Meta(max_length=20)] = ""
    queries: Annotated[list[Query], Meta(max_length=MAX_QUERIES)] = []
    thresholds: Annotated[list[Threshold], Meta(max_length=10)] = []
    options: Annotated[
        dict[Annotated[str, Meta(max_length=40)], Annotated[Options, Meta()]], Meta(max_length=20)
    ] = {}

    def __post_init__(self) -> None:
        if self.x + self.w > COLUMNS:
            raise ValueError(f"`x` and `w` reach beyond the {COLUMNS} columns")
        if self.kind == "heatmap" and len(self.queries) != 1:
            raise ValueError("a heat map has one query")


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A board without its name in the address: what one copies from one place to another."""

    title: Title
    panels: Annotated[list[Panel], Meta(max_length=MAX_PANELS)] = []

    def __post_init__(self) -> None:
        ids = [panel.id for panel in self.panels]
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"two panels have the id `{sorted(twice)[0]}`")

    def panel(self, wanted: str) -> Panel | None:
        """Return the panel of an id."""
        return next((panel for panel in self.panels if panel.id == wanted), None)


class Refused(Exception):
    """What was sent is not a board; says where, and why."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(text)
        self.path = path
        self.text = text


_decode = msgspec.json.Decoder(Body).decode


def read_body(told: bytes) -> Body:
    """Return the board that a JSON text describes, or raise Refused."""
    if len(told) > MAX_BODY_BYTES:
        raise Refused("", f"More than {MAX_BODY_BYTES // 1024} KiB.")
    try:
        return _decode(told)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise refusal_of(error) from error


def stored(body: Body) -> Any:
    """Return a board as it is kept in a column."""
    return msgspec.to_builtins(body)


def restored(kept: Any) -> Body:
    """Return a board as it was kept."""
    return msgspec.convert(kept, Body)


def refusal_of(error: Exception) -> Refused:
    """Return where a JSON text is wrong, and why, in the words of the decoder."""
    text, _, place = str(error).rpartition(" - at `")
    if not text:
        return Refused("", str(error) or "Nested too deeply.")
    found = _PLACE.match(place)
    path = re.sub(r"[\[\].]+", ".", found[1] if found else "").strip(".")
    return Refused(path, text)
