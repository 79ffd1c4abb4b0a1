"""The outbox's table: which app knows whom to tell of what happened.

An app declares functions in its `happenings.py`. Such a function reads who is concerned and
returns what to tell them; it writes nothing itself. It is asked page by page: for people with
numbers above `page.after`, in their order, at most `page.limit` of them.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.module_loading import autodiscover_modules

from notifications.notices import Entry


@dataclass(frozen=True)
class Page:
    """A part of the people whom something concerns."""

    after: int
    limit: int


Tell = Callable[..., Sequence[Entry]]
T = TypeVar("T", bound=Tell)
_tells: dict[str, Tell] = {}
_signatures: dict[str, inspect.Signature] = {}


def tells(name: str) -> Callable[[T], T]:
    """Declare a function that says who is to be told of what happened: `f(page, **facts)`.

    It returns at most one entry for each person, in the order of their numbers, and fewer than
    `page.limit` only when nobody is left.
    """

    def declare(function: T) -> T:
        _tells[name], _signatures[name] = function, inspect.signature(function)
        return function

    return declare


def find(name: str) -> Tell:
    """Return the function for what happened, or raise LookupError."""
    if name not in _tells:
        # Only imports what has not been imported yet.
        autodiscover_modules("happenings")
    try:
        return _tells[name]
    except KeyError:
        raise LookupError(f"Nobody knows whom to tell of “{name}”") from None


def check(name: str, facts: Mapping[str, Any]) -> None:
    """Raise LookupError or TypeError where a happening could not be told."""
    find(name)
    _signatures[name].bind(_ANY, **facts)


_ANY = Page(0, 1)
