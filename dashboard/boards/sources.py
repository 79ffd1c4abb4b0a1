"""Who sends numbers of their own, as far as boards must know it. Who takes them in says it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Source(NamedTuple):
    """Somebody who sends, and who may see what they send."""

    id: int
    slug: str
    title: str
    everybody: bool = False
    rooms: frozenset[int] = frozenset()
    owner: int | None = None


Provider = Callable[[], Iterable[Source]]
_provider: Provider = tuple


def provide(provider: Provider) -> None:
    """Have sources told by this function from now on."""
    global _provider
    _provider = provider


def all_sources() -> list[Source]:
    """Return all of them."""
    return list(_provider())


def is_shown_to(source: Source, person: int, rooms: frozenset[int]) -> bool:
    """Whether somebody of these rooms, who is not of the staff, may see what a source sends."""
    return source.everybody or source.owner == person or bool(source.rooms & rooms)
