from typing import Any

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from notifications import measures  # noqa: F401 (every process has the same metrics)
        from notifications.push import checks  # noqa: F401 (registers the system checks)
        from realtime_project.accounts import browsers

        browsers.is_new.connect(_tell_new_sign_in)


def _tell_new_sign_in(*, person: int, agent: str, **signal: Any) -> None:
    from notifications import services

    services.happened("accounts.signed_in", person=person, agent=agent)
