"""Jobs that tell that they were done, so that somebody notices when one is not."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Case, DurationField, ExpressionWrapper, F, TextChoices, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.models import Heartbeat

MOST_SAID = 1000
LONGEST = timedelta(days=400)
GRACE_SHARE = 4
"""Of what is expected every so often the fourth part is grace, where none was said."""
MOST_A_SOURCE = 200


class Beat(StrEnum):
    """What a job tells: that it was done, that it begins, that it failed."""

    DONE = ""
    START = "start"
    FAIL = "fail"


class State(TextChoices):
    """How a job stands."""

    NEW = "new", _("new")
    DONE = "done", _("done")
    RUNNING = "running", _("running")
    FAILED = "failed", _("failed")
    MISSED = "missed", _("missed")


def beat(
    *,
    source: int,
    slug: str,
    what: Beat = Beat.DONE,
    said: str = "",
    every: timedelta | None = None,
) -> Heartbeat:
    """Note what a job tells. One that is not known is made where it says how often it comes;
    otherwise raises Heartbeat.DoesNotExist."""
    now = timezone.now()
    changed = {"said": said[:MOST_SAID], **_changes(what, now)}
    # One statement, so that of two who tell at once neither takes the other's word back.
    if not Heartbeat.objects.filter(source=source, slug=slug).update(**changed):
        if every is None or Heartbeat.objects.filter(source=source).count() >= MOST_A_SOURCE:
            raise Heartbeat.DoesNotExist
        grace = max(every / GRACE_SHARE, timedelta(seconds=5))
        Heartbeat.objects.get_or_create(
            source_id=source,
            slug=slug,
            defaults={"period": every, "grace": grace, "created": now},
        )
        Heartbeat.objects.filter(source=source, slug=slug).update(**changed)
    return Heartbeat.objects.get(source=source, slug=slug)


def state_of(heartbeat: Heartbeat, now: datetime) -> State:
    """Return how a job stands. One that has begun is running until it tells otherwise or is
    overdue."""
    if now > heartbeat.due:
        return State.MISSED
    told = [heartbeat.done, heartbeat.failed, heartbeat.started]
    if not any(told):
        return State.NEW
    last = max(at for at in told if at)
    if last == heartbeat.failed:
        return State.FAILED
    return State.RUNNING if last == heartbeat.started else State.DONE


def overdue(now: datetime) -> list[Heartbeat]:
    """Return the jobs that have not told in time that they were done."""
    return [one for one in Heartbeat.objects.select_related("source") if now > one.due]


def _changes(what: Beat, now: datetime) -> dict[str, object]:
    if what is Beat.START:
        return {"started": now}
    # From the start that belongs to it: one before the last end was that of another run.
    since = ExpressionWrapper(Value(now) - F("started"), output_field=DurationField())
    took = Case(
        When(started__gte=Greatest(_since("done"), _since("failed")), then=since),
        default=Value(None),
        output_field=DurationField(),
    )
    return {"done" if what is Beat.DONE else "failed": now, "took": took}


def _since(told: str) -> Coalesce:
    return Coalesce(told, "created")
