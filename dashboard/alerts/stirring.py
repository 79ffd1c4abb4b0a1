"""Telling pages that are open that something has become of alerts. Each sees others of them, so
that they are told nothing else, and ask."""

from django.db import transaction

from dashboard.models.alerts import Alerts
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance


def stir() -> None:
    """Have pages of alerts look again.

    In a transaction of its own, after that of what has changed: whoever changes several alerts at
    once would hold this stream while waiting for a room, and somebody else the other way round.
    """
    with transaction.atomic():
        step = Step(Alerts.current())
        advance(step)
        publish(step)


def stir_soon() -> None:
    """The same once the caller's transaction is committed."""
    transaction.on_commit(stir, robust=True)
