"""What is answered over HTTP: JSON, every refusal in one form, and pages in two parts."""

from collections.abc import AsyncIterator, Callable
from math import ceil
from typing import Any

import msgspec
from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language, override

from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.protocol import describe

STATUS = {
    ErrorCode.BAD_REQUEST: 400,
    ErrorCode.UNKNOWN: 404,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.INVALID: 422,
    ErrorCode.CONFLICT: 409,
    ErrorCode.UNCONFIRMED: 428,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.TOO_FAST: 429,
    ErrorCode.UNAVAILABLE: 503,
    ErrorCode.INTERNAL: 500,
}


def json(value: Any, *, status: int = 200) -> HttpResponse:
    """Return a JSON response."""
    return HttpResponse(msgspec.json.encode(value), content_type="application/json", status=status)


def in_two_parts(page: HttpResponse, place: str, read: Callable[[], str]) -> HttpResponseBase:
    """Return a page that is sent as far as `place` at once, so that the browser asks for all that
    it names, and goes on with what is read meanwhile. It is no error any more when that fails."""
    answer = StreamingHttpResponse(
        _parts(page.content.decode(), place, read, get_language()), headers=page.headers
    )
    # nginx would keep the first part until it has more of it.
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


async def _parts(
    page: str, place: str, read: Callable[[], str], language: str | None
) -> AsyncIterator[str]:
    before, _place, after = page.partition(place)
    yield before
    # By the thread of the request, with its connection: as all that views read.
    yield await sync_to_async(_in_language)(language, read)
    yield after


def _in_language(language: str | None, read: Callable[[], str]) -> str:
    with override(language):
        return read()


def refusal(error: LiveError, *, status: int | None = None) -> HttpResponse:
    """Return the response that refuses a request; its status goes by the code, unless another
    says more."""
    answer = json({"error": describe(error)}, status=status or STATUS[error.code])
    if error.retry_after is not None:
        # Whole seconds (RFC 9110, section 10.2.3): who comes earlier would be refused again.
        answer["Retry-After"] = str(ceil(error.retry_after))
    return answer


def nobody_is_signed_in() -> HttpResponse:
    """Return the response to who would have to sign in first."""
    return refusal(LiveError(ErrorCode.FORBIDDEN, "Nobody is signed in."), status=401)
