"""Alerts: the rules, how each stands with each set of labels, what happened, and silences."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.models import Message, Room
from dashboard.alerts.machine import NOT_CLEAR, State
from realtime_project.live.streams import Stream


class Watch(models.TextChoices):
    """What a rule looks at."""

    THRESHOLD = "threshold", _("Value")
    RATE = "rate", _("Rate")
    PERCENTILE = "percentile", _("Percentile")
    NO_DATA = "no_data", _("No data")
    HEARTBEAT = "heartbeat", _("Missed heartbeat")
    LOG = "log", _("Log lines")


class Severity(models.TextChoices):
    INFO = "info", _("Info")
    WARNING = "warning", _("Warning")
    CRITICAL = "critical", _("Critical")


class Side(models.TextChoices):
    ABOVE = "above", _("above")
    BELOW = "below", _("below")


class Missing(models.TextChoices):
    """What it means that nothing was measured."""

    KEEP = "keep", _("all stays as it is")
    ALERT = "alert", _("it is an alert")
    OK = "ok", _("all is well")


class Said(models.TextChoices):
    """What the history tells."""

    FIRING = "firing", _("firing")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    SILENCED = "silenced", _("silenced")
    UNSILENCED = "unsilenced", _("silence over")
    REPEATED = "repeated", _("reminded")
    RESOLVED = "resolved", _("resolved")


class Fault(models.TextChoices):
    """Why a rule does not do what it should, as the last round found it."""

    UNREADABLE = "unreadable"
    UNSEEN = "unseen"
    UNTOLD = "untold"


STATES = [
    (State.OK.value, _("ok")),
    (State.PENDING.value, _("pending")),
    (State.FIRING.value, _("firing")),
    (State.ACKNOWLEDGED.value, _("acknowledged")),
    (State.SILENCED.value, _("silenced")),
    (State.RESOLVED.value, _("resolved")),
]
ON = [state.value for state in State if state.is_on]


class Rule(models.Model):
    """What is watched, from where on it is an alert, and where that is said."""

    name = models.CharField(_("name"), max_length=80)
    watch = models.CharField(_("watches"), max_length=10, choices=Watch, default=Watch.THRESHOLD)
    # A query as panels have them; of heartbeats and log lines which ones are meant.
    query = models.JSONField(_("query"), default=dict)
    window = models.PositiveIntegerField(_("over the last seconds"), default=60)
    side = models.CharField(_("alert when it is"), max_length=5, choices=Side, default=Side.ABOVE)
    threshold = models.FloatField(_("threshold"), default=0)
    clear = models.FloatField(_("clear again at"), null=True, blank=True)
    missing = models.CharField(
        _("without data"), max_length=5, choices=Missing, default=Missing.KEEP
    )
    after = models.PositiveIntegerField(_("for seconds"), default=0)
    keep = models.PositiveIntegerField(_("keep firing for seconds"), default=60)
    repeat = models.PositiveIntegerField(_("remind every seconds"), default=0)
    severity = models.CharField(
        _("severity"), max_length=8, choices=Severity, default=Severity.WARNING
    )
    labels = models.JSONField(_("labels"), default=dict, blank=True)
    about = models.TextField(_("what to do"), max_length=2000, blank=True)
    room = models.ForeignKey(
        Room,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("room"),
    )
    is_on = models.BooleanField(_("watching"), default=True)
    # What was wrong with it in the last round: how many alerts it has no room for, and its fault.
    left_out = models.PositiveIntegerField(default=0, editable=False)
    fault = models.CharField(max_length=12, choices=Fault, blank=True, editable=False)
    why = models.CharField(max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
    )
    created = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Alerts(Stream):
    """The stream of all alerts. It has no rows: it says that something has become of some, and who
    looks at them asks what."""

    kind: ClassVar[str] = "alerts"
    lock_order = 9

    @classmethod
    def current(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]


class AlertQuerySet(models.QuerySet["Alert"]):
    def on(self) -> Self:
        """Those of which what they warn of is the case."""
        return self.filter(state__in=ON)

    def visible_to(self, person: int, *, is_staff: bool) -> Self:
        """Those that a person may see: of the rooms they are in; whoever runs the place, all."""
        if is_staff:
            return self.all()
        return self.filter(rule__room__in=Room.objects.visible_to(person))


class Alert(models.Model):
    """How a rule stands with one set of labels: what `machine.Memory` remembers.

    Whoever changes it names the version that they have read, so that of two who lead at once one
    changes it and tells of it.
    """

    rule = models.ForeignKey(
        Rule, on_delete=models.CASCADE, related_name="alerts", verbose_name=_("rule")
    )
    labels = models.JSONField(_("labels"), default=dict)
    key = models.CharField(max_length=32, editable=False)
    version = models.PositiveBigIntegerField(default=0, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=STATES, default=State.OK.value)
    read_at = models.FloatField(default=0, editable=False)
    since = models.FloatField(default=0, editable=False)
    lasted = models.FloatField(default=NOT_CLEAR, editable=False)
    untold = models.FloatField(default=0, editable=False)
    unknown = models.FloatField(default=0, editable=False)
    value = models.FloatField(_("value"), null=True, editable=False)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    # How many things have happened to it: the number of its last event.
    number = models.PositiveBigIntegerField(default=0, editable=False)
    # The number of the event with which it began to fire last: what it says is about that one.
    episode = models.PositiveBigIntegerField(default=0, editable=False)
    # Where it speaks, while it fires.
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    trouble = models.CharField(_("could not be said"), max_length=200, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["rule", "key"], name="one_alert_a_set_of_labels")
        ]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        # Sorted: PostgreSQL keeps the names of a JSON object in an order of its own.
        labels = ", ".join(value for _name, value in sorted(self.labels.items()) if value)
        return f"{self.rule.name} ({labels})" if labels else self.rule.name

    @property
    def is_on(self) -> bool:
        return State(self.state).is_on


class AlertEvent(models.Model):
    """Something that happened to an alert: exactly one row, whoever else thought that they led."""

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="events", verbose_name=_("alert")
    )
    number = models.PositiveBigIntegerField(editable=False)
    what = models.CharField(_("what"), max_length=12, choices=Said)
    at = models.DateTimeField(_("at"))
    value = models.FloatField(_("value"), null=True)
    # Of one that was resolved, for how long it had fired.
    seconds = models.FloatField(_("after seconds"), null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("alert event")
        verbose_name_plural = _("alert history")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="one_event_a_number")
        ]
        indexes = [models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.alert} #{self.number}: {self.what}"


class Silence(models.Model):
    """For how long alerts say nothing: of one rule or of all, and of some labels. With weekdays it
    is a maintenance window, which comes again every week by the clock on a wall."""

    rule = models.ForeignKey(
        Rule,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="silences",
        verbose_name=_("rule"),
    )
    # Globs by label, those of the rule included.
    labels = models.JSONField(_("labels"), default=dict, blank=True)
    begins = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    # Monday is 0; nothing stands for all of the time from the beginning to the end.
    weekdays = models.CharField(_("weekdays"), max_length=7, blank=True)
    opens = models.TimeField(_("from the hour"), null=True, blank=True)
    closes = models.TimeField(_("until the hour"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
    )

    class Meta:
        verbose_name = _("silence")
        verbose_name_plural = _("silences")
        ordering = ["-ends"]
        indexes = [models.Index(fields=["ends"])]

    def __str__(self) -> str:
        return self.reason or str(_("silence"))


class Round(models.Model):
    """How far all rules have been looked at, in Unix seconds. It moves only from where its mover
    has read it."""

    until = models.BigIntegerField(default=0)
    # Before it nobody looked for a while: that nothing was measured then says nothing.
    resumed = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.until)
