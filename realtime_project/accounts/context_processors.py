"""What every template knows about accounts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from realtime_project.accounts import queries
from realtime_project.accounts.links import invitation_in
from realtime_project.accounts.models import User


def sign_up(request: HttpRequest) -> dict[str, Any]:
    """Return whether visitors may make an account, by whom they were invited, and whether the
    reader may invite others. What costs a query is asked only by templates that want it."""
    return {
        "is_signup_open": settings.SIGNUP == "open",
        "is_signup_closed": settings.SIGNUP == "closed",
        "invitation": lambda: invitation_in(request.session),
        "may_invite": isinstance(request.user, User) and queries.may_invite(request.user),
    }
