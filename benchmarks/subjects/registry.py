"""The subjects, in the order of the tables."""

from functools import partial

from benchmarks.subjects import node_servers, signalbox
from benchmarks.subjects.nchan import serve_nchan
from benchmarks.subjects.node_servers import serve_node
from benchmarks.subjects.subject import Subject
from benchmarks.subjects.tutorial_server import serve_tutorial

SIGNALBOX = Subject("signalbox", signalbox.serve)
WS = Subject("ws + redis", lambda _people: serve_node("ws.js", node_servers.WS))
SOCKET_IO = Subject(
    "socket.io + redis", lambda _people: serve_node("socketio.js", node_servers.SOCKET_IO)
)
NCHAN = Subject("nchan", lambda _people: serve_nchan())
TUTORIAL = Subject(
    "tutorial, redis",
    partial(serve_tutorial, "channels_redis.core.RedisChannelLayer"),
    is_slow=True,
)
TUTORIAL_PUBSUB = Subject(
    "tutorial, redis pub/sub",
    partial(serve_tutorial, "channels_redis.pubsub.RedisPubSubChannelLayer"),
    is_slow=True,
)

SUBJECTS = (SIGNALBOX, WS, SOCKET_IO, NCHAN, TUTORIAL_PUBSUB, TUTORIAL)
