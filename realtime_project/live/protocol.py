"""The envelope of protocol version 1: what a client may send, and the answers.

What comes from a client is strict: an unknown field, a wrong type or a value that is too long is
refused. Frames to clients may gain fields; clients ignore those that they do not know.
"""

import logging
from math import ceil
from typing import Annotated, Any, TypeVar

import msgspec
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError

from realtime_project.live.codes import Conflict, ErrorCode, LiveError, Unconfirmed
from realtime_project.live.database import AWAY

logger = logging.getLogger(__name__)

SUBPROTOCOL = "signalbox.v1"
MAX_FRAME_BYTES = 64 * 1024
MAX_TOPICS = 512
NOTHING_HERE = "There is nothing here that you can see."

# Without NUL, which PostgreSQL cannot store.
Text = Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*\Z")]
# So short that the answer to a frame full of names fits into a frame.
TopicName = Annotated[str, msgspec.Meta(max_length=64)]
Id = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
Cursor = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Args(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a command takes. Subclasses name the fields."""

    def fields(self) -> dict[str, Any]:
        """Return the fields by name, as a service takes them."""
        return msgspec.structs.asdict(self)


ArgsT = TypeVar("ArgsT", bound=Args)


class ClientFrame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One frame of a client: a command, or nothing at all as the answer to a ping."""

    do: Annotated[str, msgspec.Meta(max_length=50)] | None = None
    id: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None
    topic: TopicName | None = None
    args: msgspec.Raw = msgspec.Raw(b"{}")
    epoch: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    topics: msgspec.Raw = msgspec.Raw(b"null")


Cursors = dict[TopicName, Cursor | None]
Topics = list[TopicName]

_frames = msgspec.json.Decoder(ClientFrame)
_subscribe = msgspec.json.Decoder(
    Annotated[Cursors, msgspec.Meta(min_length=1, max_length=MAX_TOPICS)]
)
_unsubscribe = msgspec.json.Decoder(
    Annotated[Topics, msgspec.Meta(min_length=1, max_length=MAX_TOPICS)]
)


def decode_frame(text: str) -> ClientFrame:
    """Return the frame, or raise LiveError(bad_request)."""
    frame: ClientFrame = _decode(_frames, text)
    return frame


def decode_subscribe(raw: msgspec.Raw) -> Cursors:
    """Return the topics of a subscribe frame with their cursors."""
    cursors: Cursors = _decode(_subscribe, raw)
    return cursors


def decode_unsubscribe(raw: msgspec.Raw) -> Topics:
    """Return the topics of an unsubscribe frame."""
    topics: Topics = _decode(_unsubscribe, raw)
    return topics


def decode_args(decoder: "msgspec.json.Decoder[ArgsT]", raw: msgspec.Raw) -> ArgsT:
    """Return the arguments of a command."""
    args: ArgsT = _decode(decoder, raw)
    return args


def answer(frame_id: int, result: Any) -> bytes:
    """Return the frame that answers a command which was carried out."""
    return msgspec.json.encode({"re": frame_id, "ok": result})


def refusal(frame_id: int | None, error: LiveError) -> bytes:
    """Return the frame that answers a command which was refused. Without an id of the command
    (it could not be read, or wanted no answer) `re` is null."""
    return msgspec.json.encode({"re": frame_id, "error": describe(error)})


def describe(error: LiveError) -> dict[str, Any]:
    """Return what a client is told of an error."""
    told: dict[str, Any] = {"code": error.code, "detail": error.detail}
    if error.retry_after is not None:
        # Up: whoever comes a little early is refused again.
        told["retry_after"] = ceil(error.retry_after * 100) / 100
    return told


def translate(error: Exception) -> LiveError | None:
    """Return the refusal that stands for an exception of a service, or None for a fault."""
    match error:
        case LiveError():
            return error
        case PermissionDenied():
            return LiveError(ErrorCode.FORBIDDEN, str(error) or "You may not do that.")
        case ObjectDoesNotExist():
            # A stranger and a missing object look the same.
            return LiveError(ErrorCode.NOT_FOUND, NOTHING_HERE)
        case ValidationError():
            return LiveError(ErrorCode.INVALID, " ".join(error.messages))
        case Conflict():
            return LiveError(ErrorCode.CONFLICT, str(error))
        case Unconfirmed():
            return LiveError(ErrorCode.UNCONFIRMED, str(error))
    if isinstance(error, AWAY):
        logger.warning("Not now: %r", error)
        return LiveError(ErrorCode.UNAVAILABLE, "That does not work now. Try again in a moment.")
    return None


def _decode(decoder: "msgspec.json.Decoder[Any]", data: Any) -> Any:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise LiveError(ErrorCode.BAD_REQUEST, f"Not understood: {error}") from error
    except RecursionError as error:
        raise LiveError(ErrorCode.BAD_REQUEST, "Not understood: nested too deeply") from error
