"""Looking at all rules, step by step: by whoever leads.

Every step of time is looked at once and in its turn, from what is stored: a leader that was away,
or died in the middle of a step, is caught up with by the next one, and data has `SETTLE_SECONDS`
to arrive. An alert knows the step that it was read at last, and its row is changed by version; so
a second leader, or the same step once more, changes nothing.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from django.db import transaction

from dashboard.alerts import measures, troubles
from dashboard.alerts.machine import Reading, State, Verdict, end, step
from dashboard.alerts.measured import Seen
from dashboard.alerts.rules import STEP_SECONDS, Watched
from dashboard.alerts.stirring import stir
from dashboard.alerts.storing import Turn, keep_quietly, key_of, memory_of, new_alert
from dashboard.alerts.tail import Tail
from dashboard.alerts.telling import tell
from dashboard.alerts.view import MOST_ALERTS, View, read_rules
from dashboard.models.alerts import Alert, Fault, Round, Rule
from dashboard.storage import anew

SETTLE_SECONDS = 3
"""How long what was measured may take until it is stored."""
LONGEST_BEHIND = 600
"""What is longer ago is not looked at any more: nobody is told now what was then."""
AWAY_SECONDS = 60
"""When nobody has looked for as long, nobody may have measured or received anything either."""
STEPS_AT_ONCE = 6

logger = logging.getLogger(__name__)

tail = Tail()


def look(now: float) -> bool:
    """Look at all rules as of every step that is due; returns whether there are more."""
    found = Round.objects.get_or_create(pk=1)[0]
    last = latest_step(now)
    first, resumed = where_to_begin(found, last)
    if first > last:
        return False
    # A backup may have been restored beneath this process, in which series have other numbers.
    anew.look()
    until = min(last, first + (STEPS_AT_ONCE - 1) * STEP_SECONDS)
    look_at(range(first, until + 1, STEP_SECONDS), resumed)
    # Only now: whoever dies before that has it looked at once more.
    Round.objects.filter(pk=1, until=found.until).update(until=until, resumed=resumed)
    return until < last


def latest_step(now: float) -> int:
    """Return the last step of which all has arrived."""
    return int(now - SETTLE_SECONDS) // STEP_SECONDS * STEP_SECONDS


def where_to_begin(found: Round, last: int) -> tuple[int, int]:
    """Return the first step to look at, and since when somebody looks."""
    behind = last - found.until
    if behind > LONGEST_BEHIND or behind < -AWAY_SECONDS:
        # For the first time, after a long while, or a clock was set back: as of now.
        return last, last
    return found.until + STEP_SECONDS, last if behind > AWAY_SECONDS else found.resumed


def look_at(steps: range, resumed: int) -> None:
    """Look at all rules as of some steps, in their order."""
    began = time.monotonic()
    stored = list(Rule.objects.filter(is_on=True).select_related("room"))
    faults: dict[int, tuple[Fault, str]] = {}
    rules = read_rules(stored, faults)
    view = View.of(rules, steps, resumed, tail)
    view.faults |= faults
    # Each of them, also after one that wrote something.
    written = [take(turns_of(rules, view, at), view, at) for at in steps]
    is_troubled = troubles.keep(stored, view)
    if any(written) or is_troubled:
        stir()
    measures.note_firing(Alert.objects.on().count())
    if view.left_out and not measures.left_out():
        names = {rule.name: view.left_out[rule.pk] for rule in stored if view.left_out[rule.pk]}
        logger.warning("Of rules with too many alerts some are left out: %s", names)
    measures.note_left_out(view.left_out.total())
    measures.round_seconds.observe(time.monotonic() - began)


def take(turns: Sequence[Turn], view: View, at: int) -> bool:
    """Write what has become of alerts, and tell what there is to tell; returns whether there was
    anything."""
    quiet = [turn for turn in turns if not turn.is_loud and turn.is_worth_keeping]
    if quiet:
        with transaction.atomic():
            keep_quietly(quiet)
    loud = [turn for turn in turns if turn.is_loud]
    for turn in loud:
        # Each in a transaction of its own: rooms are locked in no common order.
        _tell_alone(turn, at, view)
    return bool(quiet or loud)


def _tell_alone(turn: Turn, at: int, view: View) -> None:
    try:
        tell(turn, at, view.scene(turn, at))
    except Exception:
        # Its row is as it was, and it is told at the next step. The others are told now.
        logger.exception("An alert of the rule %s could not be told", turn.rule)
        view.faults[turn.rule.pk] = (Fault.UNTOLD, "")


def turns_of(rules: Sequence[Watched], view: View, at: int) -> list[Turn]:
    """Return what becomes of all alerts with what their rules see at a time."""
    known = alerts_by_rule()
    view.left_out.clear()
    sights = [one for rule in rules for one in _try_to_see(rule, view, known.pop(rule.pk, {}), at)]
    turns = [_turn(sight, view, at) for sight in _with_rows(sights) if sight.is_fresh(at)]
    # What is left belongs to rules that nobody watches any more.
    left = [alert for alerts in known.values() for alert in alerts.values()]
    return turns + [
        Turn(one.rule, one, end(memory_of(one), at)) for one in left if _is_fresh(one, at)
    ]


@dataclass
class Sight:
    """What a rule sees of one alert at a time."""

    rule: Watched
    seen: Seen
    verdict: Verdict
    alert: Alert | None

    def is_fresh(self, at: int) -> bool:
        return self.alert is None or _is_fresh(self.alert, at)


def _is_fresh(alert: Alert, at: int) -> bool:
    """Whether an alert was not looked at before: by somebody who did not come to the end, or who
    took the lease while this process was stopped. A clock may have been set back."""
    return alert.read_at < at or alert.read_at > at + AWAY_SECONDS


def alerts_by_rule() -> dict[int, dict[str, Alert]]:
    """Return the alerts that are not simply well, by rule and key."""
    found: dict[int, dict[str, Alert]] = {}
    for alert in Alert.objects.exclude(state=State.OK.value).select_related("rule__room"):
        found.setdefault(alert.rule_id, {})[alert.key] = alert
    return found


def _try_to_see(rule: Watched, view: View, alerts: Mapping[str, Alert], at: int) -> Sequence[Sight]:
    try:
        return _sights(rule, view, alerts, at)
    except Exception:
        # Its alerts stay as they are. The other rules are looked at.
        logger.exception("What the rule %s sees could not be read", rule.rule)
        view.faults[rule.pk] = (Fault.UNSEEN, "")
        return []


def _sights(rule: Watched, view: View, alerts: Mapping[str, Alert], at: int) -> list[Sight]:
    left = dict(alerts)
    sights: list[Sight] = []
    new: list[Sight] = []
    for seen in view.seen(rule, at):
        verdict = view.judge(rule, seen.value, at)
        alert = left.pop(key_of(seen.labels), None) if left else None
        # What is well and was needs no row, and nobody looks for one.
        if alert is not None:
            sights.append(Sight(rule, seen, verdict, alert))
        elif verdict is Verdict.OVER:
            new.append(Sight(rule, seen, verdict, None))
    nothing = view.judge(rule, None, at)
    gone = [Sight(rule, Seen(alert.labels, None), nothing, alert) for alert in left.values()]
    return sights + gone + _with_room(rule, new, view, alerts)


def _with_room(
    rule: Watched, new: list[Sight], view: View, alerts: Mapping[str, Alert]
) -> list[Sight]:
    """Return what becomes an alert: of too many those that are the worst. What is one already
    goes on, however many are worse."""
    active = sum(State(one.state) is not State.RESOLVED for one in alerts.values())
    room = max(0, MOST_ALERTS - active)
    if len(new) > room:
        view.left_out[rule.pk] = len(new) - room
    return nlargest(room, new, key=lambda one: rule.threshold.badness(one.seen.value))


def _with_rows(sights: Sequence[Sight]) -> Sequence[Sight]:
    """Find the rows of alerts that were well until now, where they have one from before."""
    new = [sight for sight in sights if sight.alert is None]
    if not new:
        return sights
    wanted = {(one.rule.pk, key_of(one.seen.labels)): one for one in new}
    stored = Alert.objects.filter(
        rule__in={rule for rule, _key in wanted}, key__in={key for _rule, key in wanted}
    )
    rows = {(alert.rule_id, alert.key): alert for alert in stored}
    for place, sight in wanted.items():
        sight.alert = rows.get(place) or new_alert(sight.rule.rule, sight.seen.labels)
        sight.alert.rule = sight.rule.rule
    return sights


def _turn(sight: Sight, view: View, at: int) -> Turn:
    rule, alert = sight.rule, sight.alert or new_alert(sight.rule.rule, sight.seen.labels)
    is_quiet = view.is_quiet(rule, alert.labels, at)
    reading = Reading(at, sight.verdict, sight.seen.value, is_quiet)
    return Turn(rule.rule, alert, step(memory_of(alert), rule.terms, reading))
