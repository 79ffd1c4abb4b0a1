"""People, their sessions, tokens and the invitations in Django's admin. Lists show; what changes
something is an action that calls a service, which checks the right and writes the log."""

import allauth.mfa.admin  # noqa: F401 (registers what is taken out below)
from allauth.mfa.models import Authenticator
from django.contrib import admin

from realtime_project.accounts.admin import (  # noqa: F401 (they register themselves)
    invitations,
    people,
    sessions,
    tokens,
)

# Its rows hold the secrets of second factors; what an admin may do to them is an action of people.
admin.site.unregister(Authenticator)
