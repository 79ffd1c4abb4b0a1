"""The bell, on any page of somebody who is signed in."""

from typing import Any, cast

from django import template

from notifications import queries, services
from realtime_project.accounts.models import User

register = template.Library()


@register.inclusion_tag("notifications/_bell.html", takes_context=True)
def bell(context: template.Context) -> dict[str, Any]:
    """Show how much is unread, as of the revs from which the page goes on."""
    person = cast(User, context["request"].user).pk
    found = queries.counts([person])
    if not found:
        services.open_inboxes([person])
        found = queries.counts([person])
    return {"counts": found[person], "person": person}
