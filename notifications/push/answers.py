"""What a push service's answer means. Pure: it is told the status, and the time."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum

MAX_WAIT = timedelta(days=1)


class Verdict(Enum):
    """What becomes of a message, and of the subscription."""

    SENT = "sent"
    GONE = "gone"
    """The browser has ended the subscription: it is deleted."""
    LATER = "later"
    KEY = "key"
    """The service does not take our key for it: it is not used until its page says it anew."""
    TOO_LARGE = "too_large"
    REFUSED = "refused"


def judge(status: int) -> Verdict:
    """Return what a status means; 0 is no answer."""
    if 200 <= status < 300:
        return Verdict.SENT
    if status in (404, 410):
        return Verdict.GONE
    if status in (0, 408, 425, 429) or status >= 500:
        return Verdict.LATER
    if status in (401, 403):
        return Verdict.KEY
    return Verdict.TOO_LARGE if status == 413 else Verdict.REFUSED


def wait_of(retry_after: str, now: datetime) -> timedelta | None:
    """Return how long a service asks to be left alone: seconds or a date (RFC 9110, 10.2.3)."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), MAX_WAIT)
    try:
        wait = parsedate_to_datetime(text) - now
    except (ValueError, TypeError):
        return None
    return min(max(wait, timedelta()), MAX_WAIT)
