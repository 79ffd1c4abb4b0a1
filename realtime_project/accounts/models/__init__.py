"""People, the sessions in which they are signed in, and the invitations by which they come."""

from realtime_project.accounts.models.invitation import Invitation, InvitationState
from realtime_project.accounts.models.person import (
    AVATAR_COLORS,
    Theme,
    User,
    random_color,
    username_validators,
    validate_time_zone,
)
from realtime_project.accounts.models.session import Session

__all__ = [
    "AVATAR_COLORS",
    "Invitation",
    "InvitationState",
    "Session",
    "Theme",
    "User",
    "random_color",
    "username_validators",
    "validate_time_zone",
]
