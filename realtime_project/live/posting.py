"""What a page without a WebSocket sends: which topics it wants to be told of, and its commands.

Ordinary Django views: the session, the protection against other sites' forms and the limits of a
request's size are Django's.
"""

import time
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from realtime_project.live import metrics
from realtime_project.live.bucket import Buckets
from realtime_project.live.codes import CloseCode, ErrorCode, LiveError
from realtime_project.live.connection import COMMANDS, Connection
from realtime_project.live.database import in_database
from realtime_project.live.models import Installation
from realtime_project.live.places import MAX_TOPICS, Place, name_stream
from realtime_project.live.protocol import (
    MAX_FRAME_BYTES,
    NOTHING_HERE,
    ClientFrame,
    Cursor,
    TopicName,
    decode_frame,
    translate,
)
from realtime_project.live.responses import json, nobody_is_signed_in, refusal
from realtime_project.live.revocation import session_digest
from realtime_project.live.routes import resolve
from realtime_project.live.transport import Transport
from realtime_project.live.worker import worker

_allowances = Buckets(COMMANDS)


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The topics of a stream, with the cursors that the client holds."""

    topics: Annotated[
        dict[TopicName, Cursor | None], msgspec.Meta(min_length=1, max_length=MAX_TOPICS)
    ]
    epoch: Annotated[str, msgspec.Meta(max_length=32)] = ""


_wanted = msgspec.json.Decoder(Wanted)


@require_POST
def streams(request: HttpRequest) -> HttpResponse:
    """Name a stream: its id for `/live/events/<id>` and `/live/poll/<id>`, and where to begin."""
    if not request.user.is_authenticated:
        return nobody_is_signed_in()
    try:
        wanted = _wanted.decode(request.body)
        for name in wanted.topics:
            resolve(name)
    except msgspec.MsgspecError as error:
        return refusal(LiveError(ErrorCode.BAD_REQUEST, f"Not understood: {error}"))
    except LiveError as error:
        return refusal(error)
    place = Place(wanted.epoch or Installation.current().epoch, wanted.topics)
    stream = name_stream(request.user.pk, list(wanted.topics))
    return json({"id": stream, "cursor": place.word()})


@require_POST
async def commands(request: HttpRequest) -> HttpResponse:
    """Carry out one command, the same as a socket's: `{"do", "topic", "args"}`."""
    person = await request.auser()
    if not person.is_authenticated:
        return nobody_is_signed_in()
    try:
        return json({"ok": await _carry_out(request, person.pk, _frame(request.body))})
    except Exception as error:
        refused = translate(error)
        if refused is None:
            raise
        return refusal(refused)


class Silent(Transport):
    """For a command alone: nothing is told to who gave it but the answer."""

    @property
    def is_writable(self) -> bool:
        return False

    def write(self, frame: bytes) -> None:
        pass

    def close(self, code: CloseCode, reason: str) -> None:
        self.is_open = False

    def abandon(self) -> None:
        self.is_open = False


def _frame(body: bytes) -> ClientFrame:
    if len(body) > MAX_FRAME_BYTES:
        raise LiveError(ErrorCode.TOO_LARGE, "That is larger than 64 KiB.")
    return decode_frame(body.decode("utf-8", "surrogateescape"))


async def _carry_out(request: HttpRequest, person: int, frame: ClientFrame) -> Any:
    wait = _allowances.take(person, time.monotonic())
    if wait:
        metrics.rate_limits.by["posted"] += 1
        raise LiveError(ErrorCode.TOO_FAST, "Too many commands.", retry_after=wait)
    await worker.start()
    if frame.epoch not in (None, worker.epoch):
        # Meant for what was there before a backup was restored: the page has yet to learn of it.
        raise LiveError(ErrorCode.UNAVAILABLE, "The server was restored from a backup.")
    consumer, params = resolve(frame.topic or "")
    key = consumer.key_for(person, params)
    if key not in await in_database(consumer.authorise_many, person, [key]):
        raise LiveError(ErrorCode.NOT_FOUND, NOTHING_HERE)
    command = consumer.commands.get(frame.do or "")
    if command is None:
        raise LiveError(ErrorCode.UNKNOWN, f"There is no command “{frame.do}” on this topic.")
    session = session_digest(request.session.session_key or "")
    connection = Connection(worker.hub, Silent(), person, session, worker.epoch)
    try:
        return await command(consumer(connection, key, params), frame.args)
    finally:
        connection.end()
