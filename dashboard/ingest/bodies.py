"""What stands in a request: read as far as it may be large, and unpacked as far."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from weakref import WeakKeyDictionary

from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.exposition import Receive

# What is unpacked between two turns of the event loop: a millisecond's work.
SLICE = 256 * 1024
PACKED_SLICE = 16 * 1024
GZIP = 16 + zlib.MAX_WBITS
# To begin one costs more than its twenty bytes say. Files that were put together are fewer.
MOST_MEMBERS = 1_000


# So many are read at once: a body takes several times its size while it is read.
AT_ONCE = 4
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def turn() -> asyncio.Semaphore:
    """Return what is to be held while a body is read."""
    # One for each event loop: a process has one, a test suite has many.
    return _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


class Gone(Exception):
    """The client left before it had sent everything."""


class UnknownEncoding(LiveError):
    """The body is packed in a way that is not read here."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.BAD_REQUEST, "Send it as it is, or with gzip.")


async def read(receive: Receive, headers: Mapping[str, str], *, most: int) -> bytes:
    """Return the body of a request, unpacked. Raises LiveError where it has more bytes than that,
    packed or unpacked, and Gone."""
    body = await _received(receive, headers, most)
    match headers.get("content-encoding", "identity").strip().lower():
        case "identity" | "":
            return body
        case "gzip" | "x-gzip":
            return await _unpacked(body, most)
    raise UnknownEncoding


async def _received(receive: Receive, headers: Mapping[str, str], most: int) -> bytes:
    said = headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > most:
        raise _too_large(most)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large(most)
        if not message.get("more_body"):
            return bytes(body)


async def _unpacked(body: bytes, most: int) -> bytes:
    try:
        return b"".join([part async for part in _parts(body, most)])
    except zlib.error as error:
        raise LiveError(ErrorCode.BAD_REQUEST, "The body is not gzip.") from error


async def _parts(body: bytes, most: int) -> AsyncIterator[bytes]:
    unpacker = zlib.decompressobj(GZIP)
    packed, at, size, members = b"", 0, 0, 1
    while not unpacker.eof:
        if not packed:
            packed, at = body[at : at + PACKED_SLICE], at + PACKED_SLICE
        # No more is made at once than may be kept: a small body can be a very large text.
        part = unpacker.decompress(packed, SLICE)
        if not part and at >= len(body) and not unpacker.eof:
            raise LiveError(ErrorCode.BAD_REQUEST, "The gzip of the body is cut off.")
        size += len(part)
        if size > most:
            raise _too_large(most)
        yield part
        packed = unpacker.unconsumed_tail
        if unpacker.eof and (at := min(at, len(body)) - len(unpacker.unused_data)) < len(body):
            # Another member follows (RFC 1952, section 2.2), as where files were put together.
            packed, unpacker, members = b"", zlib.decompressobj(GZIP), members + 1
            if members > MOST_MEMBERS:
                raise LiveError(ErrorCode.BAD_REQUEST, f"A gzip of more than {MOST_MEMBERS} parts.")
        await asyncio.sleep(0)


def check_lines(body: bytes, most: int) -> None:
    """Raise LiveError where a body has more lines: what is made of each takes far more memory
    than the line, and of nothing but newlines a body can have millions."""
    if body.count(b"\n") > most:
        raise LiveError(ErrorCode.TOO_LARGE, f"More than {most} lines. Send less at once.")


def _too_large(most: int) -> LiveError:
    return LiveError(ErrorCode.TOO_LARGE, f"More than {most} bytes. Send less at once.")
