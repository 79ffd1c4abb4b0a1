"""What is looked at of every process of ours, whatever it does."""

from platform import python_version

from realtime_project.live import database, process
from realtime_project.live.metrics import Value, reading


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


@reading("signalbox_disk_free_bytes", "Free space where the installation's files are")
def disk_free() -> Value:
    return process.disk_free()


@reading("signalbox_database_pool", "Connections to PostgreSQL; absent with SQLite", "state")
def database_pool() -> Value:
    return database.pool()
