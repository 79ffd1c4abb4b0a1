"""The tables of the real-time side: socket paths, stream paths, and the topics on all of them."""

from channels.routing import URLRouter
from django.urls import path

from chat.consumers import PersonConsumer, RoomConsumer
from dashboard.consumers import AlertsConsumer, BoardConsumer
from dashboard.logs.consumers import LogConsumer, SourceLogConsumer
from notifications.consumers import AnnouncementsConsumer, InboxConsumer
from realtime_project.live.consumer import LiveConsumer
from realtime_project.live.events import serve_events
from realtime_project.live.people import PeopleTopic
from realtime_project.live.polling import serve_poll
from realtime_project.live.routes import topic

websockets = URLRouter([path("ws/", LiveConsumer.as_asgi())])  # type: ignore[arg-type,list-item]

streams = {"/live/events/": serve_events, "/live/poll/": serve_poll}

topics = [
    topic("me", PersonConsumer),
    topic("room:<int:room>", RoomConsumer),
    topic("people", PeopleTopic),
    topic("inbox", InboxConsumer),
    topic("announcements", AnnouncementsConsumer),
    topic("board:<slug:slug>", BoardConsumer),
    topic("alerts", AlertsConsumer),
    topic("log", LogConsumer),
    topic("log:<slug:source>", SourceLogConsumer),
]
