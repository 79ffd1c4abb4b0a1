"""What people do with alerts: acknowledge them, silence them, say what is watched."""

from datetime import datetime
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Membership, Room
from dashboard.alerts import machine, speaking
from dashboard.alerts.measured import unit_of
from dashboard.alerts.rules import Watched, check
from dashboard.alerts.stirring import stir_soon
from dashboard.alerts.storing import Turn, memory_of, take
from dashboard.alerts.telling import Scene, tell
from dashboard.alerts.view import catalogue, last_hour
from dashboard.models.alerts import Alert, AlertQuerySet, Rule, Silence, Watch
from realtime_project.accounts.models import User
from realtime_project.live.codes import Conflict, LiveError

TRIES = 5
"""How often somebody tries to change what the leader changes at the same time."""


def acknowledge(*, person: User, alert: int) -> Alert:
    """Say that one looks after an alert: nobody is reminded of it any more, and its message says
    who. The same person again changes nothing.

    Raises DoesNotExist for who may not see it, Conflict where it is over or somebody else's.
    """
    for _attempt in range(TRIES):
        found = visible(person).select_related("rule__room").get(pk=alert)
        if found.acknowledged_by_id == person.pk and found.is_on:
            return found
        outcome = machine.acknowledge(memory_of(found), person=person.pk)
        if outcome.happened is None:
            raise Conflict(_("This alert is over, or somebody looks after it already."))
        turn = Turn(found.rule, found, outcome)
        now = timezone.now().timestamp()
        if tell(turn, now, scene_of(found), person=person.pk):
            stir_soon()
            return found
    raise Conflict(_("This alert changes just now. Try again."))


def save_rule(*, by: User, rule: Rule) -> Rule:
    """Store a rule, new or changed. Those who run the place may.

    Its bot comes into its room: into a private one by whoever saves the rule, who is in it.
    """
    _refuse_others(by)
    _refuse_unreadable(rule)
    before = Rule.objects.filter(pk=rule.pk or 0).first()
    with transaction.atomic():
        if rule.created_by_id is None:
            rule.created_by = by
        # What was wrong with it was wrong with it as it was.
        rule.left_out, rule.fault, rule.why = 0, "", ""
        rule.save()
        if rule.room is not None and (before is None or before.room_id != rule.room_id):
            _bring_bot(rule.room, by)
        if before is not None and _watches_otherwise(before, rule):
            end_alerts(rule)
    stir_soon()
    return rule


def delete_rule(*, by: User, rule: int) -> None:
    """Delete a rule with its alerts and their history. What it had said in a room says that it is
    over."""
    _refuse_others(by)
    found = Rule.objects.select_related("room").get(pk=rule)
    end_alerts(found)
    found.delete()
    stir_soon()


def end_alerts(rule: Rule) -> None:
    """End all that a rule has said: it watches something else from now on, or nothing."""
    now = timezone.now().timestamp()
    for alert in Alert.objects.filter(rule=rule).exclude(state=machine.State.OK.value):
        alert.rule = rule
        outcome = machine.end(memory_of(alert), now)
        if outcome.happened is None:
            take(alert, outcome.memory)
        else:
            tell(Turn(rule, alert, outcome), now, scene_of(alert))


def silence(*, by: User, **fields: Any) -> Silence:
    """Have alerts say nothing for a time. Those who run the place may."""
    _refuse_others(by)
    made = Silence(created_by=by, **fields)
    made.full_clean(exclude=["created_by"])
    if made.ends <= made.begins:
        raise ValidationError({"ends": _("A silence ends after it has begun.")})
    made.save()
    return made


def end_silence(*, by: User, silence: int, now: datetime | None = None) -> Silence:
    """Let a silence end now."""
    _refuse_others(by)
    found = Silence.objects.get(pk=silence)
    found.ends = min(found.ends, now or timezone.now())
    found.save(update_fields=["ends"])
    return found


def visible(person: User) -> AlertQuerySet:
    """Return the alerts that somebody may see."""
    return Alert.objects.visible_to(person.pk, is_staff=person.is_staff)


def scene_of(alert: Alert) -> Scene:
    """Return what the message of an alert shows, where a person and not a round changes it."""
    rule = Watched(alert.rule)
    if rule.rule.watch in (Watch.HEARTBEAT, Watch.LOG):
        return Scene()
    catalogue.refresh()
    unit, at = unit_of(rule.query, catalogue.of(rule.query)), int(alert.read_at)
    return Scene(unit, lambda: last_hour(rule, alert.labels, at))


def _bring_bot(room: Room, by: User) -> None:
    try:
        speaking.enter(room, invited_by=by.pk)
    except Membership.DoesNotExist as error:
        message = _("Choose a public room, or one that you are in.")
        raise ValidationError({"room": message}) from error


def _watches_otherwise(before: Rule, rule: Rule) -> bool:
    names = ("watch", "query", "is_on")
    return any(getattr(before, name) != getattr(rule, name) for name in names)


def _refuse_unreadable(rule: Rule) -> None:
    try:
        check(rule)
    except (msgspec.ValidationError, LiveError) as error:
        raise ValidationError({"query": str(error)}) from error


def _refuse_others(person: User) -> None:
    if not person.is_staff:
        raise PermissionDenied(_("Those who run this place say what is watched."))
