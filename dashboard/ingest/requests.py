"""One request of a program that sends, and who may make it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.http import HttpResponse

from dashboard.ingest import credentials, senders
from dashboard.ingest.senders import Sender
from realtime_project.live.bearer import challenge
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.database import in_database
from realtime_project.live.exposition import Receive, Scope
from realtime_project.live.responses import refusal

MAX_QUERY_BYTES = 4096
# Of one token, and of wrong tokens from one address.
REQUESTS = Limit(rate=50, burst=200)
FAILURES = Limit(rate=0.5, burst=30)

_requests = Buckets(REQUESTS)
_failures = Buckets(FAILURES)


class NoToken(LiveError):
    """There is no token, or a wrong one."""

    def __init__(self, detail: str) -> None:
        super().__init__(ErrorCode.FORBIDDEN, detail)

    def answer(self) -> HttpResponse:
        answer = refusal(self, status=401)
        answer["WWW-Authenticate"] = challenge()
        return answer


@dataclass(frozen=True)
class Request:
    """What somebody sends, as far as it is read."""

    sender: Sender
    method: str
    rest: str
    """Of the path, behind what the endpoint is called."""
    headers: Mapping[str, str]
    query: Mapping[str, str]
    receive: Receive


async def admit(scope: Scope, receive: Receive, rest: str) -> Request:
    """Return a request of somebody who may send. Raises LiveError."""
    headers = {name.decode("latin1"): value.decode("latin1") for name, value in scope["headers"]}
    query = _query(scope)
    sender = await _sender(headers, query, (scope.get("client") or ["unix"])[0])
    if wait := _requests.take(sender.digest, time.monotonic()):
        raise LiveError(
            ErrorCode.TOO_FAST, "Too many requests: send more at once.", retry_after=wait
        )
    return Request(sender, scope["method"], rest, headers, query, receive)


async def _sender(headers: Mapping[str, str], query: Mapping[str, str], address: str) -> Sender:
    if credentials.is_in_address(query):
        raise NoToken("A token in an address is kept by logs: send “Authorization: Token …”.")
    secret = credentials.secret_in(headers)
    sender = await in_database(senders.find, secret) if secret else None
    if sender is not None:
        return sender
    # Only what fails counts against an address: an office is one.
    if wait := _failures.take(address, time.monotonic()):
        raise LiveError(ErrorCode.TOO_FAST, "Too many wrong tokens.", retry_after=wait)
    raise NoToken("Send a token that is good: “Authorization: Token …”.")


def _query(scope: Scope) -> dict[str, str]:
    raw = scope["query_string"]
    if len(raw) > MAX_QUERY_BYTES:
        raise LiveError(ErrorCode.TOO_LARGE, "That address is too long.")
    return dict(parse_qsl(raw.decode("latin1"), keep_blank_values=True))
