"""What nobody waits for: telling of what happened, and what time does to inboxes."""

from django.utils import timezone

from notifications import services
from notifications.publishing.services import forget_old as forget_some_published
from notifications.traces.services import forget_old
from realtime_project.live.queue import job


@job(every="moment")
def tell() -> bool:
    """Tell of what happened, from the outbox into inboxes."""
    return services.tell_what_happened()


@job(every="minute")
def wake() -> None:
    """Bring up what was snoozed, and take back what is over."""
    services.wake(timezone.now())
    services.expire(timezone.now())


@job(every="hour")
def forget() -> None:
    """Delete for good what was deleted a week ago, and what is older than INBOX_DAYS."""
    services.forget(timezone.now())


@job(every="hour")
def forget_old_traces() -> None:
    """Delete the reasons of decisions after two weeks, a part at a time."""
    while forget_old():
        pass


@job(every="hour")
def forget_published() -> None:
    """Delete what programs said a week ago, with the keys by which they may say it again."""
    while forget_some_published(timezone.now()):
        pass
