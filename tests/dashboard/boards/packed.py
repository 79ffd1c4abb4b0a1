"""Values as pages get them, read as a page does."""

from array import array
from base64 import b64decode
from math import isfinite
from typing import Any


def unpacked(lane: dict[str, Any]) -> list[float | None]:
    """The values of a lane that came as JSON."""
    if "u8" in lane:
        return [None if one == 255 else one for one in b64decode(lane["u8"])]
    numbers = array("f", b64decode(lane["f32"])) if "f32" in lane else None
    if numbers is None:
        numbers = array("d", b64decode(lane["f64"]))
    return [one if isfinite(one) else None for one in numbers]
