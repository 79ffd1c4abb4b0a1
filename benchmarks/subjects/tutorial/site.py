"""The chat of Channels' tutorial, in one file: settings, routing and the consumer.

It is what people start from: `AsyncWebsocketConsumer`, a group per room, the origin checked and the
person looked up in the session. The layer is what the environment says.
"""

import json
import os
from typing import Any, cast

import django
from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

settings.configure(
    SECRET_KEY="of a benchmark",  # noqa: S106 (nothing is kept secret here)
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
        "channels",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["TUTORIAL_DATABASE"],
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL"},
        }
    },
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": os.environ["TUTORIAL_LAYER"],
            "CONFIG": {"hosts": [os.environ["TUTORIAL_REDIS"]]},
        }
    },
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()
urlpatterns: list[Any] = []


class ChatConsumer(AsyncWebsocketConsumer):
    """A room: what one says is sent to its group."""

    async def connect(self) -> None:
        self.group = f"chat_{self.scope['url_route']['kwargs']['room']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = json.loads(text_data or "")["message"]
        await self.channel_layer.group_send(
            self.group, {"type": "chat.message", "message": message}
        )

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"message": event["message"]}))


# Django's types know of views only.
room: Any = re_path(r"ws/chat/(?P<room>\w+)/$", cast(Any, ChatConsumer.as_asgi()))
sockets = URLRouter([room])
application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
    }
)
