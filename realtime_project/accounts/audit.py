"""The log that admins read: what one person did to another, or to who may come in."""

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import Model

from realtime_project.accounts.models import User


def record_made(about: Model, *, by: User, what: str) -> None:
    """Write down that somebody made something. Secrets have no place in `what`."""
    _record(about, by, ADDITION, what)


def record_done(about: Model, *, by: User, what: str) -> None:
    """Write down that somebody changed something."""
    _record(about, by, CHANGE, what)


def _record(about: Model, by: User, flag: int, what: str) -> None:
    LogEntry.objects.log_actions(by.pk, [about], flag, what, single_object=True)
