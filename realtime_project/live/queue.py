"""Jobs: work that nobody waits for, done in a process of its own (`manage.py jobs`).

An app declares its jobs in its `jobs.py`, and its services ask for one by name. What is asked for
is a hint like all that goes from process to process: a job may be lost, when its process or the
broker dies, and it may be done twice. What must not be lost has a row in the database first, and a
job that runs now and then looks for rows that were left over.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from realtime_project.live import doorbell

Every = Literal["moment", "minute", "hour"]
Run = Callable[..., bool | None]
F = TypeVar("F", bound=Run)


@dataclass(frozen=True)
class Job:
    """A function, and when and how often it is tried."""

    name: str
    run: Run
    every: Every | None
    retries: int
    retry_seconds: int
    rest_seconds: float
    is_called: bool


_jobs: dict[str, Job] = {}


def job(
    *,
    every: Every | None = None,
    retries: int = 0,
    retry_seconds: int = 60,
    rest_seconds: float = 0.04,
    is_called: bool = False,
) -> Callable[[F], F]:
    """Declare a function of an app's `jobs.py` to be a job, named `app.function`.

    It is done when it is asked for and, with `every`, as often as that. One that fails is tried
    again `retries` times, each time after twice as long. The function itself stays as it is.

    What is done every moment looks whether there is anything to do; it returns whether there may
    be more, and is called again at once then. While there is nothing it rests for `rest_seconds`
    between two looks; with `is_called`, whoever makes work for it calls it (`call`), so that it
    may rest for longer where everybody's call is heard. See `moments.py`.
    """

    def declare(function: F) -> F:
        name = f"{function.__module__.split('.')[-2]}.{function.__name__}"
        _jobs[name] = Job(name, function, every, retries, retry_seconds, rest_seconds, is_called)
        return function

    return declare


def enqueue(name: str, /, **arguments: Any) -> None:
    """Have a job done soon, when the transaction around this has committed.

    Arguments are numbers and texts: a row is read by its job, as it is then. Raises LookupError
    for a job that nobody has declared, and TypeError for arguments that it does not take.
    """
    inspect.signature(find(name).run).bind(**arguments)
    # robust: what asked for the job is done, and a queue that is away must not undo that.
    transaction.on_commit(partial(_put, name, arguments), robust=True)


def call(name: str) -> None:
    """Have a job of every moment look now, when the transaction around this has committed. On this
    machine alone, and by a hint: elsewhere it looks when it has rested."""
    transaction.on_commit(partial(doorbell.nudge, name), robust=True)


def find(name: str) -> Job:
    """Return the job of a name, or raise LookupError."""
    try:
        return jobs()[name]
    except KeyError:
        raise LookupError(f"There is no job “{name}”") from None


def jobs() -> dict[str, Job]:
    """Return every job by its name."""
    # Only imports what has not been imported yet.
    autodiscover_modules("jobs")
    return _jobs


def _put(name: str, arguments: dict[str, Any]) -> None:
    # Not before the first job: huey takes a quarter of a second to import.
    from realtime_project.live.broker import broker

    broker().put(name, arguments)
