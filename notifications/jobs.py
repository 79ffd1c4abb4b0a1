"""What nobody waits for: telling of what happened, and what time does to inboxes."""

from django.utils import timezone

from notifications import services
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
