"""What the operating system and the interpreter know of this process."""

import gc
import os
import resource
import shutil
import time
from collections.abc import Mapping

from django.conf import settings

from realtime_project.live import metrics

STARTED = time.time()
_began = 0.0


def cpu_seconds() -> float:
    """Return the user and system time of all threads."""
    return time.process_time()


def resident_bytes() -> int | None:
    """Return the resident memory, or None where there is no /proc."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def open_descriptors() -> int | None:
    """Return how many descriptors are open, or None where there is no /proc."""
    try:
        # Linux tells the number since 6.2, which is worth knowing with 5,000 of them.
        return os.stat("/proc/self/fd").st_size or len(os.listdir("/proc/self/fd")) - 1
    except OSError:
        return None


def most_descriptors() -> int:
    """Return how many descriptors may be open."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def disk_free() -> int:
    """Return how many bytes are free where the installation's files are."""
    return shutil.disk_usage(settings.VAR).free


def gc_collections() -> Mapping[str, int]:
    """Return how often each generation was collected."""
    return {str(number): one["collections"] for number, one in enumerate(gc.get_stats())}


def time_collector() -> None:
    """Measure the collector's pauses from now on."""
    if _time_collection not in gc.callbacks:
        gc.callbacks.append(_time_collection)


def _time_collection(phase: str, info: Mapping[str, int]) -> None:
    # One collection runs at a time, in whichever thread asked for memory.
    global _began
    if phase == "start":
        _began = time.perf_counter()
    else:
        metrics.gc_pause_seconds.observe(time.perf_counter() - _began)
