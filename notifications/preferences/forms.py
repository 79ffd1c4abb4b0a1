"""The form of a person's preferences."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.decision import Channels, Mail
from notifications.preferences.models import Digest
from notifications.preferences.offered import Offer, offered
from notifications.preferences.services import Chosen, Letters
from notifications.quiet_hours import Schedule, Window
from realtime_project.accounts.models import User

MAILS = [
    (Mail.INSTANT.value, _("at once")),
    (Mail.DIGEST.value, _("in the digest")),
    (Mail.OFF.value, _("never")),
]
NIGHT = Window(time(22), time(7))
SEPARATORS = str.maketrans(",;", "  ")


class PeopleField(forms.CharField):
    """People by their usernames, with spaces or commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        widget = forms.TextInput({"autocomplete": "off", "placeholder": "@bob, @carol"})
        super().__init__(max_length=4000, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else ", ".join(f"@{one}" for one in value or ())

    def clean(self, value: Any) -> list[int]:
        names = {
            name.removeprefix("@") for name in super().clean(value).translate(SEPARATORS).split()
        }
        found = dict(User.objects.filter(username__in=names).values_list("username", "pk"))
        missing = sorted(names - found.keys())
        if missing:
            raise forms.ValidationError(
                gettext("Nobody is called @%(name)s here.") % {"name": missing[0]}
            )
        return sorted(found.values())


class PreferencesForm(forms.Form):
    """Where each kind goes, when it is quiet, which words and people matter."""

    lets_urgent_through = forms.BooleanField(
        label=_("Urgent things may break through"),
        help_text=_("Such as an alert that fires."),
        required=False,
    )
    lets_through = PeopleField(
        label=_("These people may break through"), help_text=_("Their usernames.")
    )
    keywords = forms.CharField(
        label=_("Keywords"),
        help_text=_("One in each line, at most 20. They are found as whole words."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    muted_people = PeopleField(
        label=_("Muted people"),
        help_text=_("You are told of nothing that they do. Their messages stay where they are."),
    )

    is_mail_on = forms.BooleanField(label=_("Send me e-mail"), required=False)
    digest = forms.ChoiceField(label=_("The digest comes"), choices=Digest.choices)
    digest_day = forms.TypedChoiceField(
        label=_("Once a week on"), choices=list(WEEKDAYS.items()), coerce=int
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offer in offered().items():
            self._add_kind(name, offer)
        for day in range(7):
            self._add_day(day)

    @property
    def kinds(self) -> Iterable[tuple[Offer, BoundField, BoundField, BoundField]]:
        """Each kind with its three fields."""
        for name, offer in offered().items():
            yield offer, self[f"{name}-in_app"], self[f"{name}-push"], self[f"{name}-email"]

    @property
    def days(self) -> Iterable[tuple[BoundField, BoundField, BoundField]]:
        """Each day of the week with its three fields."""
        for day in range(7):
            yield self[f"quiet-{day}"], self[f"start-{day}"], self[f"end-{day}"]

    def chosen(self) -> Chosen:
        """Return what was chosen, when the form is valid."""
        data = self.cleaned_data
        return Chosen(
            channels={
                name: channels
                for name, offer in offered().items()
                if (channels := self._channels(name, offer)) != offer.facts.channels
            },
            schedule=Schedule(tuple(self._window(day) for day in range(7))),
            lets_urgent_through=data["lets_urgent_through"],
            lets_through=data["lets_through"],
            muted_people=data["muted_people"],
            keywords=[line for line in data["keywords"].splitlines() if line.strip()],
            letters=Letters(data["is_mail_on"], Digest(data["digest"]), data["digest_day"]),
        )

    def _add_kind(self, name: str, offer: Offer) -> None:
        is_locked = offer.facts.is_locked
        # A locked box is sent by no browser, and is on whatever is sent.
        self.fields[f"{name}-in_app"] = forms.BooleanField(
            label=_("Inbox"), required=False, disabled=is_locked
        )
        self.fields[f"{name}-push"] = forms.BooleanField(label=_("Push"), required=False)
        self.fields[f"{name}-email"] = forms.ChoiceField(label=_("E-mail"), choices=MAILS)

    def _add_day(self, day: int) -> None:
        self.fields[f"quiet-{day}"] = forms.BooleanField(label=WEEKDAYS[day], required=False)
        for end, label in (("start", _("begins at")), ("end", _("ends at"))):
            widget = forms.TimeInput({"type": "time"}, format="%H:%M")
            self.fields[f"{end}-{day}"] = forms.TimeField(
                label=label, required=False, widget=widget
            )

    def _channels(self, name: str, offer: Offer) -> Channels:
        data = self.cleaned_data
        is_in_app = data[f"{name}-in_app"] or offer.facts.is_locked
        if not is_in_app:
            return Channels()
        return Channels(True, data[f"{name}-push"], Mail(data[f"{name}-email"]))

    def _window(self, day: int) -> Window | None:
        data = self.cleaned_data
        if not data[f"quiet-{day}"]:
            return None
        start, end = data[f"start-{day}"], data[f"end-{day}"]
        return Window(NIGHT.start if start is None else start, NIGHT.end if end is None else end)


def initial_of(
    channels: dict[str, Channels], schedule: Schedule, people: dict[str, list[str]], **others: Any
) -> dict[str, Any]:
    """Return what the form shows of somebody's preferences."""
    shown: dict[str, Any] = {**people, **others}
    for name, offer in offered().items():
        one = channels.get(name, offer.facts.channels)
        shown[f"{name}-in_app"] = one.in_app or offer.facts.is_locked
        shown[f"{name}-push"], shown[f"{name}-email"] = one.push, one.email.value
    for day, window in enumerate(schedule.days):
        shown[f"quiet-{day}"] = window is not None
        shown[f"start-{day}"], shown[f"end-{day}"] = (
            (window or NIGHT).start,
            (window or NIGHT).end,
        )
    return shown
