"""The forms of rules and silences."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from chat.models import Room
from dashboard.alerts.pairs import LabelsField
from dashboard.alerts.rules import LONGEST_WINDOW
from dashboard.logs.lines import LEVELS as ALL_LEVELS
from dashboard.models.alerts import Rule, Silence, Watch
from realtime_project.accounts.models import User

FUNCTIONS = [
    ("avg", _("mean")),
    ("max", _("highest")),
    ("min", _("lowest")),
    ("last", _("last")),
    ("sum", _("sum of all series")),
    ("delta", _("what was added")),
    ("count", _("how many values")),
]
LEVELS = [("", _("any")), *((level, level) for level in ALL_LEVELS)]
LONGEST_SECONDS = 7 * 86_400


class RuleForm(forms.ModelForm):
    """What is watched. What a watch does not need is not asked by it."""

    metric = forms.CharField(
        label=_("Metric"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"list": "metrics", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Its name; * stands for anything."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=60,
        required=False,
        help_text=_("Who sends it. Nothing for this installation itself."),
    )
    only = LabelsField(
        label=_("Only series with labels"), help_text=_("Such as worker=web*, with commas between.")
    )
    by = forms.CharField(
        label=_("An alert for each"),
        max_length=200,
        required=False,
        help_text=_("Labels that tell alerts apart, such as worker. Without any it is one."),
    )
    fn = forms.ChoiceField(label=_("Look at"), choices=FUNCTIONS, required=False)
    q = forms.FloatField(
        label=_("Percentile"), min_value=0, max_value=100, initial=99, required=False
    )
    job = forms.CharField(
        label=_("Job"),
        max_length=200,
        required=False,
        initial="*",
        help_text=_("Its short name; * stands for anything."),
    )
    text = forms.CharField(label=_("Text in the line"), max_length=200, required=False)
    regex = forms.CharField(
        label=_("Regular expression"),
        max_length=500,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    level = forms.ChoiceField(label=_("Level or worse"), choices=LEVELS, required=False)
    labels = LabelsField(label=_("Labels of the alert"), help_text=_("Silences can name them."))

    class Meta:
        model = Rule
        fields = [
            *("name", "watch", "window", "side", "threshold", "clear", "missing", "after"),
            *("keep", "repeat", "severity", "labels", "about", "room", "is_on"),
        ]
        widgets = {"about": forms.Textarea({"rows": 3})}
        help_texts = {
            "clear": _("Without it the threshold less a twentieth."),
            "keep": _("It must be clear for as long before it is resolved."),
            "after": _("It must have lasted as long before it fires."),
            "repeat": _("0 is never. Whoever acknowledges it is not reminded."),
            "room": _("Where it is said. Public rooms, and those that you are in."),
            "about": _("It is said with the alert."),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule: Rule = self.instance
        for name in ("window", "after", "keep", "repeat"):
            field = self.fields[name]
            field.max_value = LONGEST_WINDOW if name == "window" else LONGEST_SECONDS  # type: ignore[attr-defined]
            field.widget.attrs |= {"min": 0, "max": field.max_value}  # type: ignore[attr-defined]
        self.fields["room"].queryset = rooms_for(person, rule.room_id)  # type: ignore[attr-defined]
        for name, value in _asked(rule.query).items():
            self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        """Put the query together from what a watch needs."""
        told: dict[str, Any] = super().clean() or {}
        watch = told.get("watch")
        if watch == Watch.HEARTBEAT:
            self.instance.query = {"source": told.get("source") or "*", "slug": told["job"] or "*"}
            return told
        if watch == Watch.LOG:
            names = ("text", "regex", "level", "source")
            self.instance.query = {name: told[name] for name in names if told.get(name)}
            return told
        if not told.get("metric"):
            self.add_error("metric", _("Name what is to be watched."))
        self.instance.query = _query(watch, told)
        clear, side, threshold = told.get("clear"), told.get("side"), told.get("threshold")
        if clear is not None and threshold is not None:
            is_wrong = clear > threshold if side == "above" else clear < threshold
            if is_wrong:
                self.add_error("clear", _("It cannot be clear again beyond the threshold."))
        for name in ("after", "keep", "repeat", "window"):
            if told.get(name) is not None and told[name] > self.fields[name].max_value:  # type: ignore[attr-defined]
                self.add_error(name, _("That is too long."))
        return told


class SilenceForm(forms.ModelForm):
    """For how long alerts say nothing, and about what."""

    labels = LabelsField(
        label=_("Only alerts with labels"),
        help_text=_("Those of the alert and of its rule, and its severity: severity=warning."),
    )
    days = forms.MultipleChoiceField(
        label=_("Every week on"),
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = Silence
        fields = ["rule", "labels", "begins", "ends", "reason", "days", "opens", "closes", "zone"]
        widgets = {
            "begins": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "ends": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "opens": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput({"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "closes": _("On the next day where it is not later than the first."),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].empty_label = _("All rules")  # type: ignore[attr-defined]
        zone = self.fields["zone"]
        zone.choices = [(name, name) for name in sorted(available_timezones())]  # type: ignore[attr-defined]
        zone.initial = str(person.zone)
        now = timezone.now().replace(second=0, microsecond=0)
        self.fields["begins"].initial = now
        self.fields["ends"].initial = now + timedelta(hours=2)

    def clean(self) -> dict[str, Any]:
        """Refuse what is half a maintenance window."""
        told: dict[str, Any] = super().clean() or {}
        parts = [bool(told.get("days")), told.get("opens") is not None]
        parts.append(told.get("closes") is not None)
        if any(parts) and not all(parts):
            raise ValidationError(_("A maintenance window has weekdays and both of its hours."))
        if told.get("begins") and told.get("ends") and told["ends"] <= told["begins"]:
            self.add_error("ends", _("A silence ends after it has begun."))
        return told

    @property
    def told(self) -> dict[str, Any]:
        """What was filled in, as the service takes it."""
        fields = dict(self.cleaned_data)
        fields["weekdays"] = "".join(sorted(fields.pop("days")))
        return fields


def rooms_for(person: User, current: int | None) -> Any:
    """Return the rooms that somebody may let alerts speak in."""
    mine = Room.objects.visible_to(person.pk).values("pk")
    return Room.objects.open().filter(Q(is_private=False) | Q(pk__in=mine) | Q(pk=current or 0))


def _query(watch: Any, told: dict[str, Any]) -> dict[str, Any]:
    query: dict[str, Any] = {"metric": told.get("metric", "")}
    for name in ("source", "only"):
        if told.get(name):
            query["labels" if name == "only" else name] = told[name]
    if by := _names(told.get("by", "")):
        query["by"] = by
    if watch == Watch.THRESHOLD:
        query["fn"] = told.get("fn") or "avg"
    if watch == Watch.PERCENTILE:
        query["q"] = (99.0 if told.get("q") is None else told["q"]) / 100
    return query


def _asked(query: dict[str, Any]) -> dict[str, Any]:
    """Return a query as the form asks for it."""
    asked = {name: query[name] for name in ("metric", "source", "fn") if name in query}
    asked |= {name: query[name] for name in ("text", "regex", "level") if name in query}
    asked |= {"only": query["labels"]} if "labels" in query else {}
    asked |= {"by": ", ".join(query["by"])} if "by" in query else {}
    asked |= {"q": round(query["q"] * 100, 6)} if "q" in query else {}
    return asked | ({"job": query["slug"]} if "slug" in query else {})


def _names(text: str) -> Sequence[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
