"""Cards: messages of programs that are drawn, and change where they stand.

A card is data. It goes into the message's HTML as an attribute of `<message-card>`, around the
message's own words: a page draws the card once it has loaded what that takes, and until then, or
without it, the words are there. Nobody can type one: what people write is escaped.
"""

from collections.abc import Mapping
from html import escape, unescape
from typing import Any, Literal

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_BYTES = 16 * 1024
Words = Mapping[str, str]
"""What is said, by language: whoever reads it chooses."""
Tone = Literal["bad", "warn", "info", "good", "quiet"]


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line: what it is called, and words, a value that is the same in every language, or a
    moment."""

    name: Words
    words: Words = {}
    value: str = ""
    at: float | None = None
    """In Unix seconds; shown in the reader's zone."""


class Chart(msgspec.Struct, frozen=True, omit_defaults=True):
    """Values at equal distances, with a gap where there was none, and a limit to compare with."""

    label: Words
    values: list[float | None]
    limit: float | None = None


class Button(msgspec.Struct, frozen=True):
    """What can be done: a POST to a path of this installation."""

    label: Words
    url: str


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is drawn in place of a message's words."""

    title: str
    url: str
    """A path of this installation at which there is more."""
    tone: Tone
    status: Words
    facts: list[Fact] = []
    note: str = ""
    """What somebody has written for whoever reads it."""
    chart: Chart | None = None
    buttons: list[Button] = []


def written(card: Card, html: str) -> str:
    """Return the HTML of a message with a card. `html` is that of its words, rendered and safe.

    Raises ValidationError for a card that is too large or leads elsewhere.
    """
    data = msgspec.json.encode(card)
    if len(data) > MAX_BYTES:
        raise ValidationError(_("This card is too large."))
    for url in (card.url, *(button.url for button in card.buttons)):
        if not _leads_here(url):
            raise ValidationError(_("A card leads to pages of this installation only."))
    return (
        f'<message-card data-card="{escape(data.decode())}">'
        f'<p><a href="{escape(card.url)}">{escape(card.title)}</a></p>{html}</message-card>'
    )


def card_in(html: str) -> dict[str, Any] | None:
    """Return the card of a message's HTML as a page reads it, if it has one."""
    start = '<message-card data-card="'
    if not html.startswith(start):
        return None
    data = html[len(start) :].partition('"')[0]
    found: dict[str, Any] = msgspec.json.decode(unescape(data))
    return found


def _leads_here(url: str) -> bool:
    # Two slashes would be another host, and so would a backslash, which browsers read as one.
    return url.startswith("/") and url[1:2] not in ("/", "\\")
