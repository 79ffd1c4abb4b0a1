"""What happened in a stream, as it travels from the transaction to the sockets.

Rows are encoded once, by whoever changed them. A row depends on no viewer; what a viewer may not
see is left out whole, by the facts that stand beside the bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import msgspec

MAX_FRAME_BYTES = 32 * 1024
T = TypeVar("T")
_encoder = msgspec.json.Encoder()


class Row(msgspec.Struct, frozen=True):
    """One row of a stream, with what the hub must know about it without reading it."""

    id: str
    """Kind and number, as `message:991`: a later row of the same id replaces this one."""
    rev: int
    data: bytes
    """The row as JSON."""
    seq: int | None = None
    """When the row was created, in revs: hidden from those whose history begins later."""
    begins: tuple[int, int] | None = None
    """A person who has access, and the rev at which their history begins. Who left and came back
    in between two reads of the stream must not go on with the history from before."""
    ends: int | None = None
    """The person who loses access to this stream with this row …"""
    ends_as: str = "left"
    """… and what they are told: that they left, or that somebody removed them."""
    follow: str | None = None
    """The key of a stream whose heads the viewers of this stream get from now on …"""
    unfollow: str | None = None
    """… or no longer."""


class Change(msgspec.Struct, frozen=True):
    """Every row of a stream whose current rev lies in (after, rev]."""

    key: str
    after: int
    rev: int
    rows: tuple[Row, ...] = ()
    head: bytes | None = None
    """The stream's summary for those who follow it from afar, as JSON."""
    latest: int | None = None
    """How far the stream had come when this was read, where that is further than `rev`: there was
    too much to read at once."""
    announced: float | None = None
    """When this process was told that it is committed, by its own monotonic clock."""
    reset: bool = False
    """What happened up to `rev` cannot be told row by row: load the state. `rows` are then only
    those that change rights."""


def row(value: msgspec.Struct, **facts: Any) -> Row:
    """Encode a wire row. Its struct has the fields `id` and `rev`, and its tag is the kind."""
    kind = value.__struct_config__.tag
    return Row(id=f"{kind}:{value.id}", rev=value.rev, data=_encoder.encode(value), **facts)  # type: ignore[attr-defined]


def change_frames(topic: str, after: int, rev: int, rows: Sequence[Row]) -> list[tuple[int, bytes]]:
    """Return the frames that tell a change, each with the rev that it reaches: at most 32 KiB,
    or one row.

    Rows come sorted by rev. A chunk that ends within one rev tells the rev before, so that a
    client which is cut off between two chunks asks for that rev again.
    """
    envelope = _change_frame(topic, rev, rev, (), more=True)
    chunks = chunked(rows, lambda row: len(row.data), MAX_FRAME_BYTES - len(envelope)) or [[]]
    frames = []
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        reached = rev if last else max(after, min(chunk[-1].rev, chunks[number + 1][0].rev - 1))
        frames.append((reached, _change_frame(topic, after, reached, chunk, more=not last)))
        after = reached
    return frames


def reset_frame(topic: str, rev: int) -> bytes:
    """Return the frame that tells a client to load the state and to go on from `rev`."""
    return _encoder.encode({"topic": topic, "reset": True, "rev": rev})


def event_frame(topic: str | None, event: str, data: bytes) -> bytes:
    """Return the frame of a volatile event, or of one about the socket itself."""
    where = b"" if topic is None else b'"topic":%b,' % _encoder.encode(topic)
    return b'{%b"event":%b,"data":%b}' % (where, _encoder.encode(event), data)


def chunked(
    items: Iterable[T], size: Callable[[T], int], max_bytes: int = MAX_FRAME_BYTES - 200
) -> list[list[T]]:
    """Cut items into lists that fit into a frame, or hold one item. Without a limit given there
    is room for a short envelope."""
    chunks: list[list[T]] = []
    used = 0
    for item in items:
        used += size(item) + 1
        if not chunks or used > max_bytes:
            chunks.append([])
            used = size(item) + 1
        chunks[-1].append(item)
    return chunks


def encode(value: Any) -> bytes:
    """Return `value` as JSON."""
    return _encoder.encode(value)


def _change_frame(topic: str, after: int, rev: int, rows: Sequence[Row], *, more: bool) -> bytes:
    return b'{"topic":%b,"from":%d,"rev":%d,"rows":[%b]%b}' % (
        _encoder.encode(topic),
        after,
        rev,
        b",".join(one.data for one in rows),
        b',"more":true' if more else b"",
    )
