"""What is answered over HTTP: JSON, and every refusal in one form."""

from math import ceil
from typing import Any

import msgspec
from django.http import HttpResponse

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
