"""How points are written down: in a report as they come, in a chunk column by column."""

import zlib
from collections.abc import Iterable, Mapping
from itertools import starmap

import msgspec

from dashboard.storage.points import Point, merge, single

Measured = Point | float
"""A point, or the value of one that was measured once, at the beginning of its second."""
Seconds = dict[int, dict[int, Measured]]
"""What a report tells: by second, by series."""

_encode = msgspec.msgpack.Encoder().encode
_decode_report = msgspec.msgpack.Decoder(Seconds).decode
_decode_columns = msgspec.msgpack.Decoder(
    tuple[
        list[int],
        list[int],
        list[float],
        list[float],
        list[float],
        list[float],
        list[float],
        list[dict[int, int] | None],
    ]
).decode
# Most columns of a series are alike: a counter is its own least, most and last.
LEVEL = 1


def encode_report(points: Iterable[tuple[int, int, Point]]) -> bytes:
    """Write points down by second and series. Those of the same second and series are merged."""
    seconds: dict[int, dict[int, Point]] = {}
    for second, series, point in points:
        told = seconds.setdefault(second, {})
        told[series] = merge(told[series], point) if series in told else point
    return encode_seconds(
        {
            second: {series: _short(second, point) for series, point in told.items()}
            for second, told in seconds.items()
        }
    )


def encode_seconds(told: Seconds) -> bytes:
    """Write down what a report tells."""
    return _encode(told)


def decode_report(body: bytes) -> Seconds:
    """Return what a report tells; `point_of` makes points of it."""
    return _decode_report(body)


def point_of(second: int, measured: Measured) -> Point:
    """Return what was measured as a point."""
    return measured if isinstance(measured, Point) else single(measured, second)


def encode_chunk(points: Mapping[int, Point]) -> bytes:
    """Write the points of one series down, by the time at which their steps begin."""
    columns = zip(
        *((at, *msgspec.structs.astuple(points[at])) for at in sorted(points)), strict=True
    )
    return zlib.compress(_encode(list(columns)), LEVEL)


def decode_chunk(body: bytes) -> dict[int, Point]:
    """Return the points of a chunk by the time at which their steps begin."""
    starts, counts, sums, least, most, last, last_at, buckets = _decode_columns(
        zlib.decompress(body)
    )
    if all(count == 1 for count in counts):
        # One value is all of these: the same object, instead of four that are alike.
        least = most = last = sums
    points = starmap(Point, zip(counts, sums, least, most, last, last_at, buckets, strict=True))
    return dict(zip(starts, points, strict=True))


def _short(second: int, point: Point) -> Measured:
    is_plain = point.count == 1 and point.last_at == second and point.buckets is None
    return point.last if is_plain else point
