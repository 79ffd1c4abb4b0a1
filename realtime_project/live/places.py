"""What a client without a socket carries along: which topics it wants, and where it stands in them.

No worker keeps anything of it between two requests, so that any worker can answer the next one.
"""

import base64
import zlib
from typing import Annotated

import msgspec
from django.core import signing

from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.protocol import Cursor, Cursors, TopicName

MAX_TOPICS = 50
MAX_CHARACTERS = 16 * 1024
_SALT = "signalbox.live.stream"


class Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a client stands: the epoch, its cursors, and a sum over what it was shown last of what
    has no cursor, refusals among it. It goes to the client as one word without meaning."""

    epoch: Annotated[str, msgspec.Meta(max_length=32)]
    cursors: Annotated[dict[TopicName, Cursor | None], msgspec.Meta(max_length=MAX_TOPICS)]
    shown: int | None = None

    def word(self) -> str:
        """Return it as a word that fits into an address and into `Last-Event-ID`."""
        packed = zlib.compress(msgspec.json.encode(self))
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def read(cls, word: str) -> "Place":
        """Return the place that a word names, or raise LiveError(bad_request)."""
        try:
            packed = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
            # Bounded: a small word can name a very large one.
            text = zlib.decompressobj().decompress(packed, MAX_CHARACTERS)
            return msgspec.json.decode(text, type=cls)
        except (ValueError, zlib.error, msgspec.MsgspecError) as error:
            raise LiveError(ErrorCode.BAD_REQUEST, "That cursor is none of ours.") from error

    def cursors_for(self, topics: list[str], epoch: str) -> Cursors:
        """Return the cursors of these topics; of another history none means anything."""
        if self.epoch != epoch:
            return dict.fromkeys(topics)
        return {topic: self.cursors.get(topic) for topic in topics}


def name_stream(person: int, topics: list[str]) -> str:
    """Return the signed description of the topics that a person wants: the stream's id."""
    return signing.dumps([person, topics], salt=_SALT, compress=True)


def topics_of(stream: str, person: int) -> list[str]:
    """Return the topics that a stream's id describes, or raise LiveError(not_found) where it is
    none, or somebody else's."""
    try:
        owner, topics = signing.loads(stream, salt=_SALT)
    except signing.BadSignature as error:
        raise LiveError(ErrorCode.NOT_FOUND, "There is no such stream.") from error
    if owner != person:
        raise LiveError(ErrorCode.NOT_FOUND, "There is no such stream.")
    return list(topics)
