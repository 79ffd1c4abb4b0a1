"""What alerts say: in a room, in every language at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as noop

from chat.cards import Button, Card, Chart, Fact, Tone, Words
from chat.text import verbatim
from dashboard.alerts.machine import State
from dashboard.alerts.quantities import quantity, span
from dashboard.alerts.rules import threshold_of
from dashboard.alerts.thresholds import Side
from dashboard.models.alerts import Alert, Rule, Severity, Watch
from notifications.rows import in_every_language


@dataclass(frozen=True)
class Moment:
    """What there is to say of an alert at a time."""

    alert: Alert
    at: float
    unit: str = ""
    values: Sequence[float | None] = ()
    """Of the last hour, a minute each."""
    who: str = ""
    """Who has acknowledged it."""
    fired: float | None = None
    """When it began to fire, where that is over."""

    @property
    def rule(self) -> Rule:
        return self.alert.rule

    @property
    def state(self) -> State:
        return State(self.alert.state)


def card(moment: Moment) -> Card:
    """Return what is drawn of an alert in its room."""
    pk = moment.alert.pk
    url = reverse("alerts:alert", args=[pk])
    acknowledge = Button(_words(noop("Acknowledge")), reverse("alerts:acknowledge", args=[pk]))
    return Card(
        title=str(moment.alert),
        url=url,
        tone=_tone(moment),
        status=in_every_language(lambda: status(moment)),
        facts=list(_facts(moment)),
        note=moment.rule.about if moment.alert.is_on else "",
        chart=_chart(moment),
        buttons=[acknowledge] if moment.state is State.FIRING else [],
    )


def text(moment: Moment) -> str:
    """Return the same in words, in the language of the installation: for whoever has the message
    without the page.

    It is Markdown. What is to be done is written by those who run the place, and may mention
    people; a unit is chosen by who sends numbers, and a name by whose it is.
    """
    moment = replace(moment, unit=verbatim(moment.unit), who=verbatim(moment.who))
    with override(settings.LANGUAGE_CODE):
        said = [f"**{status(moment)}**", limits(moment.rule, moment.alert.value, moment.unit)]
        said.append(_since(moment))
        if moment.rule.about and moment.alert.is_on:
            said.append(moment.rule.about)
    return " · ".join(one for one in said[:3] if one) + "".join(f"\n\n{one}" for one in said[3:])


def status(moment: Moment) -> str:
    """Return how an alert stands, in the language that is active."""
    severity = str(Severity(moment.rule.severity).label)
    match moment.state:
        case State.FIRING:
            return gettext("%(severity)s: firing") % {"severity": severity}
        case State.ACKNOWLEDGED:
            return gettext("Acknowledged by %(who)s") % {"who": moment.who}
        case State.SILENCED:
            return gettext("Silenced")
        case State.RESOLVED if moment.fired is not None:
            return gettext("Resolved after %(span)s") % {"span": span(moment.at - moment.fired)}
    return gettext("Resolved")


def limits(rule: Rule, value: float | None, unit: str) -> str:
    """Return what was seen and what it is held against, in the language that is active."""
    if rule.watch == Watch.NO_DATA:
        return gettext("nothing measured for %(span)s") % {"span": span(rule.window)}
    if rule.watch == Watch.HEARTBEAT:
        return gettext("late or failed for %(span)s") % {"span": span(value or 0)} if value else ""
    threshold = threshold_of(rule)
    told = {"value": quantity(value, unit), "limit": quantity(threshold.at, unit)}
    if threshold.side is Side.ABOVE:
        return gettext("%(value)s, limit above %(limit)s") % told
    return gettext("%(value)s, limit below %(limit)s") % told


def _facts(moment: Moment) -> Sequence[Fact]:
    def seen() -> str:
        return limits(moment.rule, moment.alert.value, moment.unit)

    facts = []
    if seen():
        facts.append(Fact(_words(noop("Value")), words=in_every_language(seen)))
    began = moment.fired if moment.fired is not None else moment.alert.since
    facts.append(Fact(_words(noop("Since")), at=began))
    return facts


def _since(moment: Moment) -> str:
    began = moment.fired if moment.fired is not None else moment.alert.since
    when = date_format(datetime.fromtimestamp(began, UTC), "DATETIME_FORMAT")
    return gettext("since %(when)s UTC") % {"when": when}


def _chart(moment: Moment) -> Chart | None:
    values = [None if one is None else float(f"{one:.4g}") for one in moment.values]
    if sum(one is not None for one in values) < 2:
        return None
    has_limit = moment.rule.watch not in (Watch.NO_DATA, Watch.HEARTBEAT)
    limit = threshold_of(moment.rule).at if has_limit else None
    return Chart(_words(noop("The last hour")), values, limit)


def _tone(moment: Moment) -> Tone:
    match moment.state:
        case State.FIRING:
            return _TONES[Severity(moment.rule.severity)]
        case State.ACKNOWLEDGED:
            return "info"
        case State.SILENCED:
            return "quiet"
    return "good"


def _words(words: str) -> Words:
    return in_every_language(lambda: gettext(words))


_TONES: Mapping[Severity, Tone] = {
    Severity.INFO: "info",
    Severity.WARNING: "warn",
    Severity.CRITICAL: "bad",
}
