"""What a line of a trace says, in the language that is active and the zone of who reads.

It speaks of the person and not to them: admins read the same.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, ngettext

from notifications.decision import Code, Line
from notifications.preferences.offered import offered

CHANNELS = {
    "in_app": gettext_lazy("inbox"),
    "push": gettext_lazy("push"),
    "email": gettext_lazy("e-mail"),
    "digest": gettext_lazy("e-mail digest"),
}
LEVELS = {
    "all": gettext_lazy("all messages"),
    "mentions": gettext_lazy("mentions only"),
    "nothing": gettext_lazy("nothing"),
}


def say(line: Line) -> str:
    """Return a line in words."""
    return _SAID[line.code](line.params)


def name_of(kind: str) -> str:
    """Return what a kind is called; one that nobody declares any more goes by its name."""
    found = offered().get(kind)
    return str(found.label) if found else kind


Params = Mapping[str, Any]
Say = Callable[[Params], str]


def _always(words: Any) -> Say:
    return lambda params: str(words)


def _kind(words: Any) -> Say:
    return lambda params: str(words) % {"kind": name_of(params["kind"])}


def _until(words: Any) -> Say:
    return lambda params: str(words) % {"time": _time(params["until"])}


def _to(words: Any) -> Say:
    return lambda params: str(words) % {"channels": _channels(params)}


def _kind_on(params: Params) -> str:
    return gettext("“%(kind)s” is switched on: %(channels)s.") % {
        "kind": name_of(params["kind"]),
        "channels": _channels(params),
    }


def _level(params: Params) -> str:
    return gettext("Wanted of this room: %(level)s. This is not among it.") % {
        "level": LEVELS[params["level"]]
    }


def _visible(params: Params) -> str:
    seconds = params["seconds"]
    return ngettext(
        "The room was visible on one of their pages: %(count)s second to see this there.",
        "The room was visible on one of their pages: %(count)s seconds to see this there.",
        seconds,
    ) % {"count": seconds}


def _here(params: Params) -> str:
    seconds = params["seconds"]
    return ngettext(
        "One of their pages was in use within the last minute: %(count)s second to read it there.",
        "One of their pages was in use within the last minute: %(count)s seconds to read it there.",
        seconds,
    ) % {"count": seconds}


def _broke_through(params: Params) -> str:
    if params["by"] == "person":
        return gettext("Quiet hours, which this person may break through.")
    return gettext("Quiet hours, which something so urgent breaks through.")


def _waiting(params: Params) -> str:
    return ngettext(
        "In the inbox at once. By %(channels)s after %(count)s second, unless it is read.",
        "In the inbox at once. By %(channels)s after %(count)s seconds, unless it is read.",
        params["seconds"],
    ) % {"channels": _channels(params, but="in_app"), "count": params["seconds"]}


def _held(params: Params) -> str:
    return gettext("In the inbox at once. With all else of these hours at %(time)s.") % {
        "time": _time(params["until"])
    }


_SAID: dict[Code, Say] = {
    Code.KIND_ON: _kind_on,
    Code.KIND_OFF: _kind(gettext_lazy("“%(kind)s” is switched off.")),
    Code.KIND_LOCKED: _kind(
        gettext_lazy("“%(kind)s” is switched off, but always stands in the inbox.")
    ),
    Code.UNREADABLE: _always(
        gettext_lazy("The preferences could not be read: inbox and push, as if there were none.")
    ),
    Code.MAY_SEE: _always(gettext_lazy("The person may see it.")),
    Code.MAY_NOT_SEE: _always(gettext_lazy("The person may not see it.")),
    Code.OTHERS_ACT: _always(gettext_lazy("Somebody else did it.")),
    Code.OWN_ACT: _always(gettext_lazy("The person did it themselves.")),
    Code.NOT_MUTED: _always(gettext_lazy("Neither the room nor anybody is muted.")),
    Code.PLACE_LEVEL: _level,
    Code.PERSON_MUTED: _always(gettext_lazy("Whoever did it is muted.")),
    Code.PLACE_MUTED: _until(gettext_lazy("The room is muted until %(time)s.")),
    Code.ALL_MUTED: _until(gettext_lazy("Everything is muted until %(time)s.")),
    Code.NEW: _always(gettext_lazy("Nothing like it was told within the last minute.")),
    Code.GROUPED: _always(
        gettext_lazy("It joins something unread that was told less than a minute before.")
    ),
    Code.UNREAD: _always(gettext_lazy("It was not read yet.")),
    Code.READ: _always(gettext_lazy("It was read already.")),
    Code.SEEN: _always(gettext_lazy("One of their pages had shown it, with somebody before it.")),
    Code.VISIBLE: _visible,
    Code.NOT_VISIBLE: _always(gettext_lazy("No page of theirs on which it shows was visible.")),
    Code.HERE: _here,
    Code.NOT_HERE: _always(gettext_lazy("None of their pages was in use within the last minute.")),
    Code.NOT_QUIET: _always(gettext_lazy("No quiet hours.")),
    Code.QUIET: _until(gettext_lazy("Quiet hours until %(time)s.")),
    Code.BROKE_THROUGH: _broke_through,
    Code.SENT: _to(gettext_lazy("Told by: %(channels)s.")),
    Code.HELD: _held,
    Code.WAITING: _waiting,
    Code.INBOX: _always(gettext_lazy("It stands in the inbox, and reached nothing else.")),
    Code.NOTHING: _always(gettext_lazy("Nothing was told.")),
}


def _channels(params: Params, but: str = "") -> str:
    names = [name for name in str(params["channels"]).split(",") if name and name != but]
    return ", ".join(str(CHANNELS[name]) for name in names)


def _time(iso: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(iso)), "DATETIME_FORMAT")
