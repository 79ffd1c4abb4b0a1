"""What the database's clock shows."""

import time

from django.db.models.functions import Now

from dashboard.measuring.clock import Clock
from dashboard.models import Measures


def set_by_database(clock: Clock) -> None:
    """Ask the database what time it is. What passes until its answer is shared by both ways."""
    Measures.current()
    asked = time.monotonic()
    [now] = Measures.objects.filter(pk=1).values_list(Now(), flat=True)
    answered = time.monotonic()
    clock.learn(now.timestamp(), (asked + answered) / 2)
