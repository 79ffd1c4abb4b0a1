"""What is looked at when somebody asks for metrics, and costs nothing until then: of a process that
serves sockets."""

from collections import Counter

from realtime_project.live import (
    database,
    process_gauges,  # noqa: F401 (of every process)
)
from realtime_project.live.build import build
from realtime_project.live.metrics import Value, reading
from realtime_project.live.transport import unsent
from realtime_project.live.worker import worker

# --- The worker ----------------------------------------------------------------------------


@reading("signalbox_build_info", "Always 1; the label is the build of the pages", "build")
def build_info() -> Value:
    return {build(): 1}


@reading("signalbox_draining", "1 while the worker goes away")
def draining() -> Value:
    return int(worker.is_draining)


@reading("signalbox_sockets", "Open sockets, by how frames leave the process", "transport")
def sockets() -> Value:
    return {"direct": 0, "asgi": 0, **worker.hub.connections.kinds}


@reading("signalbox_people", "People with an open socket")
def people() -> Value:
    return len(worker.hub.connections.people)


@reading("signalbox_unsent_bytes", "What waits in this process for clients to take it")
def unsent_bytes() -> Value:
    return unsent()


# --- The hub -------------------------------------------------------------------------------


@reading("signalbox_feeds", "Streams that are held")
def feeds() -> Value:
    return len(worker.hub.feeds())


@reading("signalbox_subscriptions", "Places of clients in streams")
def subscriptions() -> Value:
    return sum(len(feed.subscriptions) for feed in worker.hub.feeds())


@reading("signalbox_topics", "Places of clients in streams, by kind of stream", "topic")
def topics() -> Value:
    # By stream and not by socket: it is asked every second, also where there are thousands.
    kinds: Counter[str] = Counter()
    for feed in worker.hub.feeds():
        kinds[feed.key.partition(":")[0]] += len(feed.subscriptions)
    return kinds


@reading("signalbox_ring_bytes", "Recent rows that are held")
def ring_bytes() -> Value:
    return sum(feed.ring.bytes for feed in worker.hub.feeds())


# --- Between workers, and the database -----------------------------------------------------


@reading("signalbox_layer_up", "1 while the worker hears itself; absent without a broker")
def layer_up() -> Value:
    backplane = worker.hub.backplane
    return None if backplane is None else int(not backplane.is_degraded)


@reading("signalbox_news_waiting", "News that wait to be sent; absent without a broker")
def news_waiting() -> Value:
    backplane = worker.hub.backplane
    return None if backplane is None else backplane.waiting


@reading("signalbox_database_waiting", "Sockets' database work that waits for a thread")
def database_waiting() -> Value:
    return database.waiting()
