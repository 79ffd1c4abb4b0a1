"""Which series a board may show."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """Which series a board may show: our own, and those of these sources. It is what its owner
    may see, not its reader: whoever shares a board shares what it shows."""

    own: bool
    sources: Mapping[int, str]
    """The slugs of sources by their numbers."""
