"""What is looked at when somebody asks for metrics, and costs nothing until then."""

from collections import Counter
from collections.abc import Callable
from platform import python_version

from realtime_project.live import database, process
from realtime_project.live.build import build
from realtime_project.live.metrics import Reading, Value
from realtime_project.live.worker import worker

Read = Callable[[], Value]


def reading(name: str, meaning: str, *labels: str, kind: str = "gauge") -> Callable[[Read], Read]:
    """Put a function into the table of metrics."""

    def put(read: Read) -> Read:
        Reading(name, meaning, *labels, kind=kind, read=read)
        return read

    return put


# --- The worker ----------------------------------------------------------------------------


@reading("signalbox_build_info", "Always 1; the label is the build of the pages", "build")
def build_info() -> Value:
    return {build(): 1}


@reading("signalbox_draining", "1 while the worker goes away")
def draining() -> Value:
    return int(worker.is_draining)


@reading("signalbox_sockets", "Open sockets, by how frames leave the process", "transport")
def sockets() -> Value:
    kinds = dict.fromkeys(("direct", "asgi"), 0)
    return kinds | Counter(one.transport.kind for one in worker.hub.connections)


@reading("signalbox_people", "People with an open socket")
def people() -> Value:
    return len(worker.hub.connections.people)


@reading("signalbox_unsent_bytes", "What waits in this process for clients to take it")
def unsent_bytes() -> Value:
    return sum(one.transport.unsent_bytes for one in worker.hub.connections)


# --- The hub -------------------------------------------------------------------------------


@reading("signalbox_feeds", "Streams that are held")
def feeds() -> Value:
    return len(worker.hub.feeds())


@reading("signalbox_subscriptions", "Places of clients in streams")
def subscriptions() -> Value:
    return sum(len(feed.subscriptions) for feed in worker.hub.feeds())


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


@reading("signalbox_database_pool", "Connections to PostgreSQL; absent with SQLite", "state")
def database_pool() -> Value:
    return database.pool()


# --- The process ---------------------------------------------------------------------------


@reading("signalbox_python_info", "Always 1; the label is the version of Python", "version")
def python_info() -> Value:
    return {python_version(): 1}


@reading("process_cpu_seconds_total", "User and system time", kind="counter")
def cpu_seconds() -> Value:
    return process.cpu_seconds()


@reading("process_resident_memory_bytes", "Resident memory; Linux only")
def resident_bytes() -> Value:
    return process.resident_bytes()


@reading("process_open_fds", "Open descriptors; Linux only")
def open_descriptors() -> Value:
    return process.open_descriptors()


@reading("process_max_fds", "How many descriptors may be open")
def most_descriptors() -> Value:
    return process.most_descriptors()


@reading("process_start_time_seconds", "When the process began to serve, in Unix time")
def started() -> Value:
    return process.STARTED


@reading(
    "signalbox_gc_collections_total", "Runs of the garbage collector", "generation", kind="counter"
)
def gc_collections() -> Value:
    return process.gc_collections()
