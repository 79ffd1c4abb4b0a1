"""The closed families of what can go wrong: error codes of answers, close codes of sockets."""

from enum import IntEnum, StrEnum


class ErrorCode(StrEnum):
    """Why a command was not carried out."""

    BAD_REQUEST = "bad_request"
    UNKNOWN = "unknown"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    CONFLICT = "conflict"
    UNCONFIRMED = "unconfirmed"
    TOO_LARGE = "too_large"
    TOO_FAST = "too_fast"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


class CloseCode(IntEnum):
    """Why the server ends a socket. 40xx: come back. 44xx: do not."""

    RESTART = 4000
    TOO_SLOW = 4001
    NO_PONG = 4002
    OVERLOADED = 4003
    BAD_PROTOCOL = 4400
    SIGNED_OUT = 4401
    DEACTIVATED = 4403
    TOO_MANY = 4429


# RFC 6455, section 7.4.1, as far as browsers and engines use them.
_STANDARD_CODES = {1000, 1001, 1002, 1005, 1006, 1007, 1009, 1011}


def known_code(code: int) -> str:
    """Return a close code as text, or "other": clients may send any of thousands."""
    return str(int(code)) if code in _STANDARD_CODES or code in set(CloseCode) else "other"


class LiveError(Exception):
    """A refusal that the client is told: a code, a sentence, and when to try again."""

    def __init__(
        self, code: ErrorCode, detail: str = "", *, retry_after: float | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


class Conflict(Exception):
    """The same id was used before for something else."""


class Unconfirmed(Exception):
    """It reaches further than its person may know: they are to be asked first."""
