"""What programs may ask over HTTP: to have something said."""

from django.http import HttpRequest, HttpResponse

from notifications.publishing.requests import NotUnderstood, draft_in, key_in
from notifications.publishing.services import publish
from notifications.scopes import NOTIFY
from realtime_project.accounts.bearers import Allowances, for_programs
from realtime_project.live.bearer import Bearer
from realtime_project.live.bucket import Limit
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.responses import refusal

# A hundred who ask for the same at once are let in.
RATE = Limit(rate=2, burst=120)

_allowances = Allowances(RATE)


@for_programs(NOTIFY.name)
def notify(request: HttpRequest, target: str, *, bearer: Bearer) -> HttpResponse:
    """Say something to a person, a group, a room or everybody: 201 with what it is known by."""
    if request.method != "POST":
        error = LiveError(ErrorCode.BAD_REQUEST, "This is for POST.")
        return _with(refusal(error, status=405), Allow="POST")
    if wait := _allowances.take(bearer.digest):
        raise LiveError(ErrorCode.TOO_FAST, "Too many for this token.", retry_after=wait)
    try:
        draft, key = draft_in(request), key_in(request)
    except NotUnderstood as error:
        return refusal(error, status=415)
    done = publish(sender=bearer.person, target=target.rstrip("/"), draft=draft, key=key)
    answer = HttpResponse(done.answer, content_type="application/json", status=201)
    return _with(answer, **{"Idempotent-Replayed": "true"} if done.is_repeated else {})


def _with(answer: HttpResponse, **headers: str) -> HttpResponse:
    for name, value in headers.items():
        answer[name] = value
    return answer
