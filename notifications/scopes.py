"""What tokens may be good for here."""

from django.utils.translation import gettext_lazy

from realtime_project.accounts.scopes import Scope, register

NOTIFY = register(Scope("notify", gettext_lazy("Notify people and post in my rooms")))
