from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from realtime_project.accounts.models import User


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from realtime_project.accounts.models import appearance_changed

        appearance_changed.connect(_tell_rooms)


def _tell_rooms(*, person: "User", **signal: Any) -> None:
    from chat import services

    services.tell_appearance(person=person)
