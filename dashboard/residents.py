"""What the dashboard does within every worker."""

from functools import cache, partial

from dashboard.logs import keeping  # noqa: F401 (declares a resident)
from dashboard.measuring import canary, present
from dashboard.measuring.reporter import Reporter, keep_reporting
from dashboard.measuring.sampling import Sampler
from dashboard.sockets.keeping import Keeper
from dashboard.storage.following import keep_following
from dashboard.storage.window import window
from realtime_project.live import (
    gauges,  # noqa: F401 (puts what is looked at into the table)
    metrics,
)
from realtime_project.live.residents import resident
from realtime_project.live.worker import worker


@resident
async def report() -> None:
    """Measure this worker every second, and store that."""
    await keep_reporting(reporter())


@resident
async def follow() -> None:
    """Hold what all processes have measured lately."""
    await keep_following(window, worker.hub, partial(canary.hear, clock=reporter().clock))


@resident
async def answer_for_sockets() -> None:
    """Say who is connected, when those who run the place ask."""
    await Keeper(worker).keep()


@cache
def reporter() -> Reporter:
    """The reporter of this worker."""
    return Reporter(worker.name, Sampler(metrics.table, worker.place), present.clock)
