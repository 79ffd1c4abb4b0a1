"""The machine under the benchmark: its cores, and what processes use of it."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

# As `taskset` lists them. Brokers and databases run beside the load.
SERVER_CORE = "0"
LOAD_CORE = "1"
BOTH_CORES = "0,1"

Command = list[str | Path]


def pinned(cores: str, command: Iterable[str | Path]) -> Command:
    """The command, on these cores with all its threads and children."""
    return ["taskset", "--cpu-list", cores, *command]


def cpu_seconds(pid: int) -> float:
    """What a process and its children have used so far. Threads and children that have ended
    are left out: what is measured lives longer than the measurement."""
    return sum(_thread_seconds(task) for one in family(pid) for task in _tasks(one))


def own_cpu_seconds(pid: int) -> float:
    """What a process has used so far, without its children."""
    return sum(map(_thread_seconds, _tasks(pid)))


def rss_kib(pid: int) -> int:
    """What a process and its children hold in memory."""
    return sum(_status(one, "VmRSS") for one in family(pid))


def threads(pid: int) -> int:
    """How many threads a process has, without its children."""
    return len(_tasks(pid))


def family(pid: int) -> list[int]:
    """A process and all that it has started, such as nginx's worker."""
    # Each thread has the children that it has started itself.
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for one in threads for child in one.read_text().split()]
    return [pid, *(one for child in children for one in family(int(child)))]


def describe() -> dict[str, str | int | None]:
    """What belongs beside every figure."""
    return {
        "cpu": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


def _tasks(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/task").iterdir())


def _thread_seconds(task: Path) -> float:
    # In nanoseconds, where `stat` counts hundredths of a second.
    return int((task / "schedstat").read_text().split()[0]) / 1e9


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
