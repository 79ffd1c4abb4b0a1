"""Stretches of time in which an alert fired, shown behind the lines. Alerts say which."""

from collections.abc import Callable, Iterable
from typing import Any

from realtime_project.accounts.models import User

Provider = Callable[[float, float, User], Iterable[dict[str, Any]]]
_provider: Provider = lambda start, end, reader: ()  # noqa: E731 (nobody tells of any yet)


def provide(provider: Provider) -> None:
    """Have them told by this function from now on: of [start, end) in Unix seconds, those that a
    person may see, each as an annotation of the kind `alert`."""
    global _provider
    _provider = provider


def bands(start: float, end: float, reader: User) -> list[dict[str, Any]]:
    """Return the alerts of a stretch of time that somebody may see."""
    return list(_provider(start, end, reader))
