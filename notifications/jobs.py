"""What nobody waits for: telling of what happened, and what time does to inboxes."""

from django.utils import timezone
from django.utils.translation import override

from notifications import services
from notifications.deliveries import sending
from notifications.deliveries.channels import MAIL, PUSH
from notifications.publishing.services import forget_old as forget_some_published
from notifications.push.sending import send_test
from notifications.push.services import forget_unused
from notifications.traces.services import forget_old
from realtime_project.live.queue import job


@job(every="moment", is_called=True)
def tell() -> bool:
    """Tell of what happened, from the outbox into inboxes."""
    return services.tell_what_happened()


@job(every="moment", rest_seconds=0.25)
def tell_the_rest() -> bool:
    """Tell of what concerns many, beside the job that tells of all, where two can write at once."""
    return services.tell_the_rest()


@job(every="moment", rest_seconds=0.25)
def push() -> bool:
    """Send what is due to browsers. A slow channel does not hold up the other: each has a job."""
    return sending.deliver(PUSH)


@job(every="moment", rest_seconds=0.25)
def mail() -> bool:
    """Send what is due by e-mail."""
    return sending.deliver(MAIL)


@job(every="moment", rest_seconds=5)
def measure() -> bool:
    """Look how much waits to be told and sent, for the metrics of this process."""
    sending.look_at_waiting()
    return False


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
def forget_old_deliveries() -> None:
    """Delete what was sent a day ago, and what was given up a month ago."""
    sending.forget_old()


@job()
def test_push(subscription: int, language: str) -> None:
    """Send somebody the test that they have asked for."""
    with override(language):
        send_test(subscription)


@job(every="hour")
def forget_push() -> None:
    """Delete push subscriptions of sessions that are over, and of people who were deactivated."""
    forget_unused()


@job(every="hour")
def forget_published() -> None:
    """Delete what programs said a week ago, with the keys by which they may say it again."""
    while forget_some_published(timezone.now()):
        pass
