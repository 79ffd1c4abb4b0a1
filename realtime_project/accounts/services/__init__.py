"""Everything that makes or changes an account. Views, admin and commands call these verbs."""

from realtime_project.accounts.services.email import (
    EmailLinkOver,
    ask_for_email,
    change_email,
    new_email,
)
from realtime_project.accounts.services.invitations import (
    InvitationOver,
    accept_invitation,
    find_invitation,
    invite,
    revoke_invitation,
)
from realtime_project.accounts.services.people import (
    check_may_manage,
    deactivate,
    make_reset_key,
    reactivate,
    remove_second_factors,
    sign_out_everywhere,
)
from realtime_project.accounts.services.profile import save_profile
from realtime_project.accounts.services.sessions import end_other_sessions, end_session
from realtime_project.accounts.services.setup import (
    AlreadySetUp,
    check_setup_token,
    create_owner,
    needs_owner,
    setup_token,
)
from realtime_project.accounts.services.tokens import end_tokens, make_token, revoke_token

__all__ = [
    "AlreadySetUp",
    "EmailLinkOver",
    "InvitationOver",
    "accept_invitation",
    "ask_for_email",
    "change_email",
    "check_may_manage",
    "check_setup_token",
    "create_owner",
    "deactivate",
    "end_other_sessions",
    "end_session",
    "end_tokens",
    "find_invitation",
    "invite",
    "make_reset_key",
    "make_token",
    "needs_owner",
    "new_email",
    "reactivate",
    "remove_second_factors",
    "revoke_invitation",
    "revoke_token",
    "save_profile",
    "setup_token",
    "sign_out_everywhere",
]
