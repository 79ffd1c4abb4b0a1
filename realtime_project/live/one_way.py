"""Topics without a WebSocket: over Server-Sent Events and over long polling.

Both end in the same place as a socket does: a connection with a transport, subscribed by the one
procedure, told the same frames from the same cursors, revoked by the same rows. They are answered
beneath Django, whose streamed responses hold a thread and a database connection each.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from django.http import HttpResponse

from realtime_project.live import handshake, metrics
from realtime_project.live.bearer import READ, challenge
from realtime_project.live.codes import CloseCode, ErrorCode, LiveError
from realtime_project.live.connection import Connection
from realtime_project.live.exposition import Application, Receive, Scope, Send
from realtime_project.live.places import MAX_TOPICS, Place, topics_of
from realtime_project.live.protocol import Cursors
from realtime_project.live.responses import refusal
from realtime_project.live.routes import resolve
from realtime_project.live.transport import Transport
from realtime_project.live.worker import worker

logger = logging.getLogger(__name__)

MAX_QUERY_BYTES = 32 * 1024


@dataclass(frozen=True)
class Opening:
    """Somebody who may have what they ask for: who, which topics, and from where on."""

    admitted: handshake.Admitted
    place: Place | None
    cursors: Cursors
    wait_seconds: float
    is_away: bool
    address: str

    def connect(self, transport: Transport) -> Connection:
        """Return a connection that writes to this transport, closed already where the session was
        revoked meanwhile."""
        one = Connection(
            worker.hub,
            transport,
            self.admitted.person,
            self.admitted.session,
            worker.epoch,
            self.address,
        )
        one.is_shared = True
        # Nobody sits before a program: it must not show its owner as online.
        one.is_away = self.is_away or self.admitted.is_program
        if handshake.is_revoked(worker.hub, self.admitted):
            one.close(CloseCode.SIGNED_OUT, "signed out")
        return one


Serve = Callable[[Scope, Receive, Send, Opening], Awaitable[None]]


def with_streams(application: Application, serve: Mapping[str, Serve]) -> Application:
    """Answer for the addresses of streams before an HTTP application. `serve` says how, by what an
    address begins with; its rest is the stream's id. Without one the address names topics."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        for prefix, serve_stream in serve.items():
            if (path == prefix[:-1] or path.startswith(prefix)) and scope["method"] == "GET":
                await _serve(scope, receive, send, prefix, serve_stream)
                return
        await application(scope, receive, send)

    return run


def place_of(connection: Connection, shown: int | None = None) -> Place:
    """Return where the client of a connection stands now."""
    cursors: Cursors = {name: max(0, one.cursor) for name, one in connection.subscriptions.items()}
    return Place(connection.epoch, cursors, shown)


async def respond(send: Send, response: HttpResponse) -> None:
    """Send a whole response, which nobody may keep."""
    headers = [(name.lower().encode(), value.encode()) for name, value in response.items()]
    headers.append((b"cache-control", b"no-store"))
    status = response.status_code
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": response.content, "more_body": False})


async def _serve(
    scope: Scope, receive: Receive, send: Send, prefix: str, serve_stream: Serve
) -> None:
    name = prefix.strip("/").rpartition("/")[2]
    try:
        opening = await _open(scope, scope["path"][len(prefix) :])
    except handshake.Refused as refused:
        logger.info("Refused %s: %s", name, refused)
        metrics.handshakes.by[str(int(refused.status)), refused.reason] += 1
        await respond(send, _refusal(refused))
    except LiveError as error:
        await respond(send, refusal(error))
    else:
        metrics.handshakes.by["200", name] += 1
        with worker.serving():
            await serve_stream(scope, receive, send, opening)


async def _open(scope: Scope, stream: str) -> Opening:
    with handshake.refusing_while_away():
        await worker.start()
        if worker.is_draining:
            raise handshake.Refused(HTTPStatus.SERVICE_UNAVAILABLE, "draining")
        admitted = await handshake.admit(worker.hub, scope, check=handshake.check_reader)
    query = _query(scope)
    topics = topics_of(stream, admitted.person) if stream else _named(query.get("topic", []))
    word = _header(scope, b"last-event-id") or _last(query, "cursor")
    place = Place.read(word) if word else None
    cursors = place.cursors_for(topics, worker.epoch) if place else dict.fromkeys(topics)
    wait = _seconds(_last(query, "wait"))
    is_away = _last(query, "away") == "1"
    return Opening(admitted, place, cursors, wait, is_away, handshake.address_of(scope))


def _refusal(refused: handshake.Refused) -> HttpResponse:
    answer = refusal(
        LiveError(_CODES[refused.status], refused.status.phrase), status=refused.status
    )
    if refused.status is HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = challenge()
    elif refused.reason == "scope":
        answer["WWW-Authenticate"] = challenge(scope=READ)
    return answer


def _named(topics: list[str]) -> list[str]:
    """Return the topics that an address names: a line in a shell does without another request."""
    wanted = list(dict.fromkeys(topics))
    if not wanted:
        raise LiveError(ErrorCode.BAD_REQUEST, "Name topics, such as “?topic=inbox”.")
    if len(wanted) > MAX_TOPICS:
        raise LiveError(ErrorCode.TOO_LARGE, f"More than {MAX_TOPICS} topics.")
    for name in wanted:
        resolve(name)
    return wanted


def _last(query: Mapping[str, list[str]], name: str) -> str:
    return query.get(name, [""])[-1]


def _query(scope: Scope) -> dict[str, list[str]]:
    raw = scope["query_string"]
    if len(raw) > MAX_QUERY_BYTES:
        raise LiveError(ErrorCode.TOO_LARGE, "That address is too long.")
    return parse_qs(raw.decode("latin1"))


def _header(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin1") for name, value in scope["headers"] if name == wanted), "")


def _seconds(text: str) -> float:
    return float(text) if text.isdecimal() and len(text) < 4 else 25.0


_CODES: dict[Any, ErrorCode] = {
    HTTPStatus.BAD_REQUEST: ErrorCode.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED: ErrorCode.FORBIDDEN,
    HTTPStatus.FORBIDDEN: ErrorCode.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS: ErrorCode.TOO_FAST,
    HTTPStatus.SERVICE_UNAVAILABLE: ErrorCode.UNAVAILABLE,
}
