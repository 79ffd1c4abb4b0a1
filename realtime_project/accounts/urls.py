"""Addresses of people's own pages, and of the links by which they come in."""

from django.shortcuts import redirect
from django.urls import path, re_path

from realtime_project.accounts.views import email, invitations, links, profile, sessions, tokens
from realtime_project.accounts.views.setup import SetupView

ROW = "(?P<{name}>[0-9]{{1,18}})"  # a longer number would not fit into a column
session, invitation, token = (ROW.format(name=name) for name in ("session", "invitation", "token"))

urlpatterns = [
    path("setup/<str:token>/", SetupView.as_view(), name="setup"),
    path("join/", links.JoinView.as_view(), name="join"),
    re_path(r"^join/(?P<state>expired|used|revoked|unknown)/$", links.over, name="invitation-over"),
    path("reset/", links.ResetView.as_view(), name="reset"),
    path("settings/", lambda request: redirect("profile"), name="settings"),
    path("settings/profile/", profile.ProfileView.as_view(), name="profile"),
    path("settings/email/", email.EmailView.as_view(), name="email"),
    path("settings/email/link/", email.EmailLinkView.as_view(), name="email-link"),
    path("settings/email/confirm/", email.EmailConfirmView.as_view(), name="email-confirm"),
    # In the place of allauth's own, which ask for no password and keep several addresses.
    path("accounts/email/", lambda request: redirect("email")),
    re_path("^accounts/confirm-email/", email.not_here),
    path("settings/sessions/", sessions.SessionsView.as_view(), name="sessions"),
    path(
        "settings/sessions/end-others/",
        sessions.EndOtherSessionsView.as_view(),
        name="sessions-end-others",
    ),
    re_path(
        rf"^settings/sessions/{session}/end/$",
        sessions.EndSessionView.as_view(),
        name="session-end",
    ),
    path("settings/tokens/", tokens.TokensView.as_view(), name="tokens"),
    re_path(
        rf"^settings/tokens/{token}/revoke/$", tokens.RevokeTokenView.as_view(), name="token-revoke"
    ),
    path("people/invite/", invitations.InvitationsView.as_view(), name="invitations"),
    re_path(
        rf"^people/invite/{invitation}/revoke/$",
        invitations.RevokeInvitationView.as_view(),
        name="invitation-revoke",
    ),
    re_path(r"^people/pictures/(?P<name>[0-9a-f]{20,40}\.webp)$", profile.picture, name="picture"),
]
