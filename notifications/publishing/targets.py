"""Where something can be said from outside.

An app declares its targets in its `targets.py`, as functions that do it, within the caller's
transaction: they check the sender's rights, and say where it went.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.module_loading import autodiscover_modules

from notifications.publishing.content import Content
from realtime_project.accounts.models import User
from realtime_project.live.codes import ErrorCode, LiveError

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Order:
    """What is to be said, and by whom."""

    sender: User
    name: str
    """Which room, which person."""
    content: Content
    number: int
    """Of its row, for what is told later."""

    def refuse(self, *fields: str) -> None:
        """Refuse what means nothing there, rather than leave it out silently."""
        said = [name for name in fields if getattr(self.content, name)]
        if said:
            raise ValidationError(f"Not for this target: {', '.join(said)}.")


Publish = Callable[[Order], Answer]
Knows = Callable[[int, Collection[int]], set[int]]
T = TypeVar("T", bound=Publish)
K = TypeVar("K", bound=Knows)
_targets: dict[str, Publish] = {}
_acquaintances: list[Knows] = []


def target(name: str) -> Callable[[T], T]:
    """Declare what does it for addresses that begin with a name, as `person` in `person/bob`."""

    def declare(function: T) -> T:
        _targets[name] = function
        return function

    return declare


def acquaintances(function: K) -> K:
    """Declare a function that says who of these people has to do with somebody."""
    _acquaintances.append(function)
    return function


def find(name: str) -> Publish:
    """Return what does it, or raise LiveError(not_found)."""
    _import_all()
    if name not in _targets:
        known = ", ".join(sorted(_targets))
        raise LiveError(ErrorCode.NOT_FOUND, f"There is no target “{name}”, but: {known}.")
    return _targets[name]


def known_to(person: int, people: Collection[int]) -> set[int]:
    """Return who of these people has to do with somebody."""
    _import_all()
    return set().union(*(knows(person, people) for knows in _acquaintances))


@cache
def _import_all() -> None:
    autodiscover_modules("targets")
