"""Whose a token is: for the kernel, which knows no accounts, and for views that programs ask."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from math import inf
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from realtime_project.accounts.models import Token
from realtime_project.accounts.services.tokens import digest
from realtime_project.live.bearer import Bearer, challenge, secret_in
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.protocol import translate
from realtime_project.live.responses import refusal

# A token's row says when it was used as exactly as this.
SEEN_EVERY = timedelta(minutes=1)
FAILURES = Limit(rate=0.5, burst=30)

View = Callable[..., HttpResponse]


def find(secret: str) -> Bearer | None:
    """Return whose token this is, unless it is nobody's or over. One look-up by digest, whatever
    comes of it: its time tells nothing."""
    now = timezone.now()
    token = Token.objects.open_at(now).filter(digest=digest(secret)).first()
    return _bearer(token, now) if token else None


def note(found: str) -> None:
    """Note that a token is in use, given by its digest."""
    Token.objects.filter(digest=found).update(seen=timezone.now())


class Allowances:
    """Buckets that the threads of requests share."""

    def __init__(self, limit: Limit) -> None:
        self._buckets = Buckets(limit)
        self._lock = Lock()

    def take(self, key: object) -> float:
        """Take one token of `key` and return 0, or return after how many seconds there is one."""
        with self._lock:
            return self._buckets.take(key, time.monotonic())


_failures = Allowances(FAILURES)


def for_programs(scope: str) -> Callable[[View], View]:
    """Let programs ask a view by a token with this scope, which it gets as `bearer`. A session is
    not looked at, so that no other site's page can use one. Refusals are JSON."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                bearer = _admit(request)
                if bearer is None:
                    return _nobody()
                if scope not in bearer.scopes:
                    return _not_for(scope)
                return view(request, *args, bearer=bearer, **kwargs)
            except Exception as error:
                refused = translate(error)
                if refused is None:
                    raise
                return refusal(refused)

        return run

    return decorate


def _admit(request: HttpRequest) -> Bearer | None:
    secret = secret_in({name.lower(): value for name, value in request.headers.items()})
    bearer = find(secret) if secret else None
    if bearer is None:
        # Only what fails counts against an address: an office is one.
        if wait := _failures.take(request.META.get("REMOTE_ADDR", "")):
            raise LiveError(ErrorCode.TOO_FAST, "Too many wrong tokens.", retry_after=wait)
        return None
    if not bearer.is_noted:
        note(bearer.digest)
    return bearer


def _nobody() -> HttpResponse:
    error = LiveError(ErrorCode.FORBIDDEN, "Send a token that is good: “Authorization: Bearer …”.")
    answer = refusal(error, status=401)
    answer["WWW-Authenticate"] = challenge()
    return answer


def _not_for(scope: str) -> HttpResponse:
    error = LiveError(ErrorCode.FORBIDDEN, f"This token is not good for “{scope}”.")
    answer = refusal(error)
    answer["WWW-Authenticate"] = challenge(scope=scope)
    return answer


def _bearer(token: Token, now: datetime) -> Bearer:
    return Bearer(
        person=token.owner_id,
        digest=token.digest,
        scopes=frozenset(token.scopes.split()),
        expires_in_seconds=(token.expires - now).total_seconds() if token.expires else inf,
        is_noted=token.seen is not None and now - token.seen < SEEN_EVERY,
    )
