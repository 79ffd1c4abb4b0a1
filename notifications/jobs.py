"""What notifications leave behind, cleared away now and then."""

from notifications.traces import services
from realtime_project.live.queue import job


@job(every="hour")
def forget_old_traces() -> None:
    """Delete the reasons of decisions after two weeks, a part at a time."""
    while services.forget_old():
        pass
