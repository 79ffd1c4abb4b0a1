"""What a program says, and what of it is acceptable. Pure: it is told the time."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from django.core.exceptions import ValidationError

from realtime_project.live.protocol import Text

MAX_BYTES = 4096
MAX_TITLE = 120
MAX_URL = 500
MAX_TAGS = 10
MAX_TAG = 40
MAX_GROUP = 60
LONGEST = timedelta(days=366)
PRIORITIES = {"min": 1, "low": 2, "default": 3, "high": 4, "urgent": 5, "max": 5}
_SPAN = re.compile(r"([0-9]{1,6}) ?([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Line = Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x1f\x7f]*\Z")]


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was said, in the words in which it was: as JSON, or made of headers and a text."""

    text: Text = ""
    title: Line = ""
    priority: int | str | None = None
    click: Line = ""
    tags: list[Line] = []
    group: Line = ""
    expires: int | str | None = None


class Content(msgspec.Struct, frozen=True):
    """What is told."""

    text: str = ""
    title: str = ""
    priority: int | None = None
    click: str = ""
    tags: list[str] = []
    group: str = ""
    expires: datetime | None = None


def check(draft: Draft, now: datetime) -> Content:
    """Return what a draft says, or raise ValidationError with what is wrong with it."""
    text, title = draft.text.strip(), draft.title.strip()
    tags = [tag.strip() for tag in draft.tags if tag.strip()]
    _refuse(not text and not title, "There is nothing in it: send a text, or a title.")
    _refuse(len(title) > MAX_TITLE, f"A title has at most {MAX_TITLE} characters.")
    _refuse(len(draft.group) > MAX_GROUP, f"A group has at most {MAX_GROUP} characters.")
    _refuse(
        len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags),
        f"There are at most {MAX_TAGS} tags of at most {MAX_TAG} characters.",
    )
    return Content(
        text=text,
        title=title,
        priority=_priority(draft.priority),
        click=_click(draft.click.strip()),
        tags=tags,
        group=draft.group.strip(),
        expires=_expires(draft.expires, now),
    )


def _priority(said: int | str | None) -> int | None:
    if said in (None, ""):
        return None
    text = str(said).strip().lower()
    number = int(text) if re.fullmatch("[0-9]", text) else PRIORITIES.get(text)
    _refuse(number not in range(1, 6), "Priority is 1 to 5, or min, low, default, high, urgent.")
    return number


def _click(url: str) -> str:
    """A page that opens at a click must be one: no script, and nothing that only looks as if it
    were here, as `//elsewhere` and `/\\elsewhere` do."""
    if not url:
        return ""
    _refuse(len(url) > MAX_URL, f"Click has at most {MAX_URL} characters.")
    is_here = url.startswith("/") and url[1:2] not in ("/", "\\")
    _refuse(
        (not is_here and not _is_web(url)) or re.search(r"\s", url) is not None,
        "Click is an address of http or https, or a path here such as /rooms/7/.",
    )
    return url


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "\\" not in url
    except ValueError:
        return False


def _expires(said: int | str | None, now: datetime) -> datetime | None:
    if said in (None, ""):
        return None
    found = _moment(str(said).strip(), now)
    _refuse(
        found is None,
        "Expires is a span such as 30m, 12h or 3d, seconds since 1970, or a time with its zone.",
    )
    if found is not None:
        _refuse(not now < found <= now + LONGEST, "Expires lies ahead, within a year.")
    return found


def _moment(said: str, now: datetime) -> datetime | None:
    if span := _SPAN.fullmatch(said.lower()):
        return now + timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        if re.fullmatch("[0-9]{9,11}", said):
            return datetime.fromtimestamp(int(said), UTC)
        found = datetime.fromisoformat(said)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else None


def _refuse(is_wrong: bool, why: str) -> None:
    if is_wrong:
        raise ValidationError(why)
