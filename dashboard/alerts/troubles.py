"""What is wrong with rules: kept with them, so that whoever looks at alerts knows what these do not
tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.models import Room
from dashboard.alerts.view import MOST_ALERTS, View
from dashboard.models.alerts import Fault, Round, Rule
from realtime_project.accounts.models import User

AWAY_SECONDS = 60
"""When nobody has looked for as long, what stands on a page is old."""
LONGEST_WHY = 200


@dataclass(frozen=True)
class Troubled:
    """A rule that does not see or tell all that it should."""

    rule: Rule

    @property
    def words(self) -> list[str]:
        rule = self.rule
        told = [words] if (words := _of_fault(rule)) else []
        if rule.left_out:
            told.append(
                ngettext(
                    "One more alert is left out: a rule has %(most)s at a time, the worst.",
                    "%(count)s more alerts are left out: a rule has %(most)s at a time, the worst.",
                    rule.left_out,
                )
                % {"count": rule.left_out, "most": MOST_ALERTS}
            )
        return told


@dataclass(frozen=True)
class Unwatched:
    """Since when nobody looks at rules; nothing where nobody ever did."""

    since: datetime | None


def keep(rules: Iterable[Rule], view: View) -> bool:
    """Write what is wrong with rules by now, where that is otherwise than it was; returns whether
    anything was."""
    is_other = False
    for rule in rules:
        fault, why = view.faults.get(rule.pk, ("", ""))
        now = (view.left_out[rule.pk], fault, why[:LONGEST_WHY])
        if now != (rule.left_out, rule.fault, rule.why):
            left_out, fault, why = now
            Rule.objects.filter(pk=rule.pk).update(left_out=left_out, fault=fault, why=why)
            is_other = True
    return is_other


def troubled(person: User) -> list[Troubled]:
    """Return the rules that somebody sees alerts of, and that do not tell them all."""
    rules = Rule.objects.filter(is_on=True).filter(Q(left_out__gt=0) | ~Q(fault=""))
    if not person.is_staff:
        rules = rules.filter(room__in=Room.objects.visible_to(person.pk))
    return [Troubled(rule) for rule in rules]


def unwatched(now: float) -> Unwatched | None:
    """Return since when nobody looks at the rules, if there are any and nobody does."""
    if not Rule.objects.filter(is_on=True).exists():
        return None
    until = Round.objects.filter(pk=1).values_list("until", flat=True).first() or 0
    if now - until <= AWAY_SECONDS:
        return None
    return Unwatched(datetime.fromtimestamp(until, UTC) if until else None)


def _of_fault(rule: Rule) -> str:
    match rule.fault:
        case Fault.UNREADABLE:
            return _("It cannot be understood, and nothing is watched by it: %(why)s") % {
                "why": rule.why
            }
        case Fault.UNSEEN:
            return _("What it sees could not be read, and is tried again: see the log.")
        case Fault.UNTOLD:
            return _(
                "What became of its alerts could not be told, and is tried again: see the log."
            )
    return ""
