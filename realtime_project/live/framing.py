"""Text frames as they go over the wire: RFC 6455, section 5.2, from server to client."""

from functools import lru_cache
from struct import pack

_FIN_TEXT = 0x81


@lru_cache(maxsize=4)
def text_frame(payload: bytes) -> bytes:
    """Return a whole text frame, unmasked. A fan-out asks for the same one again and again."""
    length = len(payload)
    if length < 126:
        header = pack("!BB", _FIN_TEXT, length)
    elif length < 65_536:
        header = pack("!BBH", _FIN_TEXT, 126, length)
    else:
        header = pack("!BBQ", _FIN_TEXT, 127, length)
    return header + payload
