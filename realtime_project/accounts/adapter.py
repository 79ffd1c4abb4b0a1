"""How django-allauth is told who may sign up and what an account starts with."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from realtime_project.accounts import services


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is open only where the operator says so, `SIGNUP=open`, and not before there is an
    owner: a stranger who comes first would have the first room."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP == "open") and not services.needs_owner()
