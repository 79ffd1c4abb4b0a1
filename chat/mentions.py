"""Who is mentioned in a text: `@name`, by user name, and `@here` or `@room` for many at once.

What is quoted, shown as code or part of a link mentions nobody. It is the writer of the HTML that
finds mentions, so that nobody is told who is not marked up, nor the other way round.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import NamedTuple

from chat import text as markup
from realtime_project.accounts.models import User
from realtime_project.live.statements import Question

# Not within a word or an address. A name may hold dots, but a sentence ends with one.
_MENTION = re.compile(r"(?<![\w.+@/-])@([\w.+@-]{1,150})")
_ENDINGS = ".+@-"
MAX_NAMES = 100
"""Of one message: each is looked for while it is posted."""


class Crowd(StrEnum):
    """Many who are mentioned at once. Nobody's user name is meant by these words."""

    HERE = "here"
    """Who is in the room and present."""
    ROOM = "room"
    """Who is in the room."""


@dataclass(frozen=True)
class Mentions:
    """Who may be meant by a text: names, those of nobody among them, and the largest crowd."""

    names: frozenset[str] = frozenset()
    crowd: Crowd | None = None


class Found(NamedTuple):
    """A mention: what may be the name, the likelier first, and where it stands."""

    names: tuple[str, ...]
    start: int


def may_mention(text: str) -> bool:
    """Return whether it is worth looking: asked of every message that is posted."""
    return "@" in text


def read(text: str) -> Mentions:
    """Return who may be meant by a text."""
    if not may_mention(text):
        return Mentions()
    names: set[str] = set()

    def note(plain: str) -> str:
        for found in _find(plain):
            names.update(found.names if len(names) < MAX_NAMES else ())
        return ""

    markup.write(text, note)
    crowds = {name.lower() for name in names}
    crowd = next((one for one in (Crowd.ROOM, Crowd.HERE) if one in crowds), None)
    return Mentions(frozenset(name for name in names if not _is_crowd(name)), crowd)


def mentioned(text: str) -> frozenset[str]:
    """Return the names that may be meant by a text, those of nobody among them."""
    return read(text).names


def people_in(texts: Iterable[str]) -> dict[str, int]:
    """Return the people who are mentioned in any of these texts, by user name."""
    names = {name for text in texts for name in mentioned(text)}
    return dict(_NAMED.ask(names))


def people_named(names: Collection[str]) -> frozenset[int]:
    """Return who has any of these user names."""
    return frozenset(pk for _name, pk in _NAMED.ask(names))


def render(text: str, people: Mapping[str, int]) -> str:
    """Return a message as safe HTML in which these people are marked up where it mentions them."""
    return markup.render(text, _marker(people) if may_mention(text) else markup.plain)


def _marker(people: Mapping[str, int]) -> Callable[[str], str]:
    def mark(plain: str) -> str:
        out: list[str] = []
        end = 0
        for found in _find(plain):
            name = next((one for one in found.names if one in people or _is_crowd(one)), None)
            if name is None:
                continue
            out += (markup.plain(plain[end : found.start]), _span(name, people))
            end = found.start + 1 + len(name)
        return "".join((*out, markup.plain(plain[end:])))

    return mark


def _span(name: str, people: Mapping[str, int]) -> str:
    whom = "" if _is_crowd(name) else f' data-person="{people[name]}"'
    return f'<span class="mention"{whom}>@{escape(name)}</span>'


def _find(plain: str) -> Iterator[Found]:
    for found in _MENTION.finditer(plain):
        whole = found.group(1)
        shorter = whole.rstrip(_ENDINGS)
        yield Found((whole, shorter) if shorter and shorter != whole else (whole,), found.start())


def _is_crowd(name: str) -> bool:
    return name.lower() in set(Crowd)


_NAMED = Question(
    lambda names: (
        User.objects.filter(username__in=names).filter(is_active=True).values_list("username", "pk")
    )
)
