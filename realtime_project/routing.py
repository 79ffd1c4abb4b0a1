"""The two tables of the real-time side: socket paths, and topics on a socket."""

from channels.routing import URLRouter
from django.urls import path

from chat.consumers import PersonConsumer, RoomConsumer
from realtime_project.live.consumer import LiveConsumer
from realtime_project.live.people import PeopleTopic
from realtime_project.live.routes import topic

websockets = URLRouter([path("ws/", LiveConsumer.as_asgi())])  # type: ignore[arg-type,list-item]

topics = [
    topic("me", PersonConsumer),
    topic("room:<int:room>", RoomConsumer),
    topic("people", PeopleTopic),
]
