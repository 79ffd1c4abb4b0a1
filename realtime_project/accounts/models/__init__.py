"""People, the sessions in which they are signed in, the tokens of their programs, and the
invitations by which they come."""

from realtime_project.accounts.models.invitation import Invitation, InvitationState
from realtime_project.accounts.models.person import (
    APPEARANCE,
    AVATAR_COLORS,
    Theme,
    User,
    appearance_changed,
    random_color,
    username_validators,
    validate_time_zone,
)
from realtime_project.accounts.models.session import Session
from realtime_project.accounts.models.token import Token, TokenState

__all__ = [
    "APPEARANCE",
    "AVATAR_COLORS",
    "Invitation",
    "InvitationState",
    "Session",
    "Theme",
    "Token",
    "TokenState",
    "User",
    "appearance_changed",
    "random_color",
    "username_validators",
    "validate_time_zone",
]
