"""A backup may be restored beneath a process: in that database series have other numbers. Whoever
keeps series by their numbers says here how they are forgotten."""

from collections.abc import Callable

from dashboard.storage import registry
from realtime_project.live.models import Installation

Forget = Callable[[], None]

_forgetting: list[Forget] = [registry.forget]
_epoch = ""


def on_other_database(forget: Forget) -> None:
    """Have a function called whenever the database may be another one. From any thread."""
    _forgetting.append(forget)


def forget() -> None:
    """Know no series any more: their rows may have gone, or be another's."""
    for one in _forgetting:
        one()


def look() -> None:
    """Forget where the database has begun another history: for a process that no hub tells of
    it. Off the event loop."""
    global _epoch
    epoch = Installation.current().epoch
    if epoch != _epoch:
        _epoch = epoch
        forget()
