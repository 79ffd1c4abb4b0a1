"""What tokens are good for here."""

from django.utils.translation import gettext_lazy

from realtime_project.accounts.scopes import Scope, register

# Made with its source in the admin: without one it is good for nothing.
INGEST = register(
    Scope("ingest", gettext_lazy("Send numbers, lines and heartbeats"), is_offered=False)
)
ALERTS = register(Scope("alerts", gettext_lazy("See, acknowledge and silence alerts")))
