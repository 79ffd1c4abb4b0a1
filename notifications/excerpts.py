"""What a message says, in a few words, for whoever is told of it.

It is asked when a notification is read and not kept with it, so that it is what the message says by
then, and nobody reads on in a room that they have left. The app whose messages they are declares a
function in its `excerpts.py`.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TypeVar

from django.utils.module_loading import autodiscover_modules

Pair = tuple[int, int]
"""A person and a message."""
Excerpts = Callable[[Collection[Pair]], Mapping[Pair, str]]
T = TypeVar("T", bound=Excerpts)

_declared: list[Excerpts] = []


def excerpts(function: T) -> T:
    """Declare who knows what messages say. What somebody may not see is left out."""
    _declared.append(function)
    return function


def excerpts_for(pairs: Collection[Pair]) -> dict[Pair, str]:
    """Return what each message says, as far as its person may see it."""
    if not pairs:
        return {}
    _import_all()
    return {pair: said for function in _declared for pair, said in function(pairs).items()}


@cache
def _import_all() -> None:
    autodiscover_modules("excerpts")
