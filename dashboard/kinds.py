"""What the dashboard tells people about."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from dashboard.alerts.quantities import span
from notifications.decision import URGENT
from notifications.kinds import Action, Channel, Kind, Pace, Story, register


def _acknowledge(params: Mapping[str, Any]) -> Sequence[Action]:
    url = reverse("alerts:acknowledge", args=[params["alert"]])
    return [Action("acknowledge", gettext_lazy("Acknowledge"), url)]


def _firing(story: Story) -> str:
    return gettext("Alert: %(name)s") % story.params


def _late(story: Story) -> str:
    return gettext("%(name)s: a job failed or has not come in time") % story.params


def _resolved(story: Story) -> str:
    lasted = span(int(story.params["seconds"]))
    return gettext("%(name)s is resolved after %(span)s") % {**story.params, "span": lasted}


FIRING = register(
    Kind(
        name="dashboard.firing",
        label=gettext_lazy("A critical alert fires"),
        text=_firing,
        priority=URGENT,
        actions=_acknowledge,
    )
)
HEARTBEAT = register(
    Kind(
        name="dashboard.heartbeat",
        label=gettext_lazy("A job failed or has not come in time"),
        text=_late,
        priority=4,
        actions=_acknowledge,
    )
)
RESOLVED = register(
    Kind(
        name="dashboard.resolved",
        label=gettext_lazy("An alert that I was told of is resolved"),
        text=_resolved,
        priority=2,
        paces={Channel.INBOX: Pace.INSTANT},
    )
)
