"""How it stands by now with somebody and a message: asked when a delivery is due.

The app whose messages they are declares a function in its `standing.py`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from django.utils.module_loading import autodiscover_modules

from notifications.decision import Standing


@dataclass(frozen=True)
class Situation:
    """How it stands with somebody and a message, and where the message is shown."""

    standing: Standing
    place: str = ""
    """The topic whose page shows it, and its rev there."""
    rev: int = 0


Pair = tuple[int, int]
"""A person and a message."""
Stands = Callable[[Collection[Pair]], Mapping[Pair, Situation]]
T = TypeVar("T", bound=Stands)
NOBODY = Situation(Standing(may_see=False))

_declared: list[Stands] = []


def stands(function: T) -> T:
    """Declare who says how it stands with people and messages."""
    _declared.append(function)
    return function


def situations(pairs: Collection[Pair]) -> dict[Pair, Situation]:
    """Return how it stands with each; nobody may see what no app knows."""
    _import_all()
    found: dict[Pair, Situation] = dict.fromkeys(pairs, NOBODY)
    for function in _declared:
        found.update(function(pairs) if pairs else {})
    return found


@cache
def _import_all() -> None:
    autodiscover_modules("standing")
