"""What stands in a request: a text with headers, or JSON."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from notifications.publishing.content import MAX_BYTES, Draft
from realtime_project.live.codes import ErrorCode, LiveError

# JSON may write each character of a text in six.
MAX_JSON = 8 * MAX_BYTES
MAX_KEY = 255
# How curl sends what it is told to with -d, whatever that is.
TEXTS = ("", "text/plain", "application/x-www-form-urlencoded", "application/octet-stream")
_drafts = msgspec.json.Decoder(Draft)


class NotUnderstood(LiveError):
    """The body is of a type that is not read here."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.BAD_REQUEST, "Send text/plain or application/json.")


def draft_in(request: HttpRequest) -> Draft:
    """Return what a request says, or raise LiveError."""
    kind = request.content_type or ""
    if kind == "application/json":
        draft = _from_json(_body(request, MAX_JSON))
    elif kind in TEXTS:
        draft = _from_headers(request, _text(_body(request, MAX_BYTES)))
    else:
        raise NotUnderstood
    if len(draft.text.encode()) > MAX_BYTES:
        raise _too_large()
    return draft


def key_in(request: HttpRequest) -> str | None:
    """Return by which the same request is known again."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > MAX_KEY or not key.isprintable():
        raise LiveError(ErrorCode.BAD_REQUEST, "An Idempotency-Key has at most 255 characters.")
    return key or None


def _from_json(body: bytes) -> Draft:
    try:
        return _drafts.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise LiveError(ErrorCode.BAD_REQUEST, f"Not understood: {error}") from error


def _from_headers(request: HttpRequest, text: str) -> Draft:
    said = {name: _header(request, name) for name in ("title", "click", "group", "expires")}
    return Draft(
        text=text,
        priority=_priority(request),
        tags=[tag for tag in _header(request, "tags").split(",") if tag.strip()],
        **said,
    )


def _priority(request: HttpRequest) -> str:
    said = _header(request, "priority")
    # What browsers and proxies say by a header of that name is something else (RFC 9218).
    return "" if re.match(r"(u=[0-7]|i\b)", said) else said


def _header(request: HttpRequest, name: str) -> str:
    """Return a header, which may have an X- before it. What is not ASCII comes as RFC 2047 says,
    or, as from curl, as it is."""
    said = request.headers.get(f"X-{name}") or request.headers.get(name) or ""
    try:
        said = said.encode("latin1").decode()
        decoded = str(make_header(decode_header(said))) if "=?" in said else said
    except (UnicodeError, LookupError, HeaderParseError, ValueError) as error:
        raise LiveError(ErrorCode.BAD_REQUEST, f"The header {name} is not readable.") from error
    if not all(one.isprintable() for one in decoded):
        raise LiveError(ErrorCode.BAD_REQUEST, f"The header {name} is not one line of text.")
    return decoded.strip()


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeError as error:
        raise LiveError(ErrorCode.BAD_REQUEST, "The text is not UTF-8.") from error
    if "\0" in text:
        raise LiveError(ErrorCode.BAD_REQUEST, "There is a NUL in the text.")
    return text


def _body(request: HttpRequest, most: int) -> bytes:
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise _too_large() from error
    if len(body) > most:
        raise _too_large()
    return body


def _too_large() -> LiveError:
    return LiveError(ErrorCode.TOO_LARGE, "A text has at most 4 KiB.")
