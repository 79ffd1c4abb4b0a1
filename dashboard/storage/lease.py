"""The lease: one of all processes that do jobs rolls up, trims and judges.

It is a row that says who, and until when by the database's clock; one UPDATE takes or renews it.
Nothing depends on there being one: two who do the same change nothing. It spares the work.
"""

import time
from datetime import timedelta
from threading import Lock

from django.db.models import Q
from django.db.models.functions import Now

from dashboard.models import Lease

SECONDS = 3.0
RENEW_SECONDS = 1.0


class Claim:
    """One process's claim to a lease."""

    def __init__(self, name: str, holder: str) -> None:
        self._name = name
        self._holder = holder
        self._asked = -RENEW_SECONDS
        self._until = 0.0
        self._asking = Lock()

    def is_held(self) -> bool:
        """Return whether it is this process's now; it is renewed every second."""
        with self._asking:
            now = time.monotonic()
            if now - self._asked >= RENEW_SECONDS:
                self._asked = now
                if self._take():
                    # From before it was asked: it is over here before it is there.
                    self._until = now + SECONDS
            return now < self._until

    def _take(self) -> bool:
        free = Q(holder=self._holder) | Q(until__lt=Now())
        lease = Lease.objects.filter(free, name=self._name)
        if lease.update(holder=self._holder, until=Now() + timedelta(seconds=SECONDS)):
            return True
        # One that nobody ever held is over at once, and is taken the next time.
        Lease.objects.get_or_create(name=self._name, defaults={"holder": ""})
        return False
