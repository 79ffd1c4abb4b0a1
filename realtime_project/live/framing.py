"""Text frames as they go over the wire: RFC 6455, section 5.2."""

from functools import lru_cache
from struct import pack

_FIN_TEXT = 0x81
_MASKED = 0x80
_PONG = b"{}"


@lru_cache(maxsize=4)
def text_frame(payload: bytes) -> bytes:
    """Return a whole text frame of a server's. A fan-out asks for the same one again and again."""
    length = len(payload)
    if length < 126:
        header = pack("!BB", _FIN_TEXT, length)
    elif length < 65_536:
        header = pack("!BBH", _FIN_TEXT, 126, length)
    else:
        header = pack("!BBQ", _FIN_TEXT, 127, length)
    return header + payload


def is_pong(data: bytes) -> bool:
    """Whether this is one whole text frame of a client's, by which it answers a ping."""
    return (
        len(data) == 6 + len(_PONG)
        and data[0] == _FIN_TEXT
        and data[1] == _MASKED | len(_PONG)
        and bytes((data[2] ^ data[6], data[3] ^ data[7])) == _PONG
    )
