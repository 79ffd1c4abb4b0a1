"""What programs ask about alerts, by a token."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from msgspec import Meta

from dashboard.alerts import services
from dashboard.alerts.machine import State
from dashboard.models.alerts import Alert
from dashboard.scopes import ALERTS
from realtime_project.accounts.bearers import Allowances, for_programs
from realtime_project.accounts.models import User
from realtime_project.live.bearer import Bearer
from realtime_project.live.bucket import Limit
from realtime_project.live.codes import Conflict, ErrorCode, LiveError
from realtime_project.live.responses import json, refusal

RATE = Limit(rate=5, burst=60)
MAX_BODY = 4096
MOST_ALERTS = 1000
LONGEST_MINUTES = 7 * 24 * 60

_allowances = Allowances(RATE)


class ToldAlert(msgspec.Struct):
    """An alert as programs read it."""

    id: int
    name: str
    rule: int
    severity: str
    state: str
    labels: dict[str, str]
    value: float | None
    since: datetime
    acknowledged_by: str | None
    room: int | None

    @classmethod
    def of(cls, alert: Alert) -> "ToldAlert":
        return cls(
            id=alert.pk,
            name=str(alert),
            rule=alert.rule_id,
            severity=alert.rule.severity,
            state=alert.state,
            labels=alert.labels,
            value=alert.value,
            since=datetime.fromtimestamp(alert.since, UTC),
            acknowledged_by=alert.acknowledged_by.username if alert.acknowledged_by else None,
            room=alert.rule.room_id,
        )


class Quieten(msgspec.Struct, forbid_unknown_fields=True):
    """For how long an alert says nothing."""

    minutes: Annotated[int, Meta(ge=1, le=LONGEST_MINUTES)] = 60
    reason: Annotated[str, Meta(max_length=200)] = ""


@for_programs(ALERTS.name)
def alerts(request: HttpRequest, *, bearer: Bearer) -> HttpResponse:
    """The alerts that are not simply well, or those of the states that are asked for."""
    if request.method != "GET":
        return _only("GET")
    _meter(bearer)
    wanted = request.GET.getlist("state")
    if set(wanted) - set(State):
        raise LiveError(ErrorCode.BAD_REQUEST, f"A state is one of {', '.join(State)}.")
    found = services.visible(_owner(bearer)).select_related("rule", "acknowledged_by")
    found = found.filter(state__in=wanted) if wanted else found.exclude(state=State.OK.value)
    return json({"alerts": [ToldAlert.of(one) for one in found.order_by("-since")[:MOST_ALERTS]]})


@for_programs(ALERTS.name)
def acknowledge(request: HttpRequest, alert: int, *, bearer: Bearer) -> HttpResponse:
    """Acknowledge an alert as the token's owner."""
    if request.method != "POST":
        return _only("POST")
    _meter(bearer)
    try:
        found = services.acknowledge(person=_owner(bearer), alert=alert)
    except Conflict as error:
        raise LiveError(ErrorCode.CONFLICT, str(error)) from error
    return json(ToldAlert.of(found))


@for_programs(ALERTS.name)
def silence(request: HttpRequest, alert: int, *, bearer: Bearer) -> HttpResponse:
    """Silence an alert for some minutes: 201 with what the silence is known by."""
    if request.method != "POST":
        return _only("POST")
    _meter(bearer)
    told, owner, now = _body(request), _owner(bearer), timezone.now()
    found = services.visible(owner).get(pk=alert)
    made = services.silence(
        by=owner,
        rule=found.rule,
        labels=found.labels,
        begins=now,
        ends=now + timedelta(minutes=told.minutes),
        reason=told.reason,
    )
    return json({"id": made.pk, "ends": made.ends}, status=201)


def _body(request: HttpRequest) -> Quieten:
    if len(request.body) > MAX_BODY:
        raise LiveError(ErrorCode.TOO_LARGE, "A request has at most 4 KiB.")
    if not request.body:
        return Quieten()
    try:
        return msgspec.json.decode(request.body, type=Quieten)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise LiveError(ErrorCode.BAD_REQUEST, f"Not understood: {error}") from error


def _meter(bearer: Bearer) -> None:
    if wait := _allowances.take(bearer.digest):
        raise LiveError(ErrorCode.TOO_FAST, "Too many for this token.", retry_after=wait)


def _owner(bearer: Bearer) -> User:
    return User.objects.get(pk=bearer.person, is_active=True)


def _only(method: str) -> HttpResponse:
    answer = refusal(LiveError(ErrorCode.BAD_REQUEST, f"This is for {method}."), status=405)
    answer["Allow"] = method
    return answer
