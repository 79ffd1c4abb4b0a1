"""Who may open a socket. Every check comes before the socket is accepted, the cheap ones first."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie
from django.utils import timezone

from realtime_project.live import metrics, origins
from realtime_project.live.bearer import READ, bearers, secret_in
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.database import AWAY, in_database, write_in_database
from realtime_project.live.hub import Hub
from realtime_project.live.protocol import SUBPROTOCOL
from realtime_project.live.revocation import session_digest

logger = logging.getLogger(__name__)

MAX_SOCKETS_PER_PERSON = 20
MAX_AT_ONCE = 64
DATABASE_SECONDS = 5.0
NOTING_SECONDS = 1.0
MAX_REMEMBERED = 10_000
FAILURES = Limit(rate=0.5, burst=30)

Check = Callable[[Mapping[str, str]], None]

_failures = Buckets(FAILURES)
_admitted: OrderedDict[str, None] = OrderedDict()
_semaphores: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class Refused(Exception):
    """The handshake is refused with this HTTP status, for a reason that only we learn."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(f"{status.phrase} ({reason})")
        self.status = status
        self.reason = reason


class Gone(Exception):
    """The client went away while it waited for its turn."""


@dataclass(frozen=True)
class Admitted:
    """A person whose session opens a socket, or whose program's token a stream."""

    person: int
    session: str
    """The digest of the session's key, or of the token."""
    expires_in_seconds: float
    position: int
    """How many revocations the hub knew of when the session was read."""
    is_program: bool = False


async def admit(
    hub: Hub,
    scope: Mapping[str, Any],
    *,
    check: "Check | None" = None,
    has_left: Callable[[], bool] = lambda: False,
) -> Admitted:
    """Return who opens this socket or stream, or raise Refused, or Gone if they have left while
    they waited. `check` looks at the page that asks for a stream, which may be a program with a
    token as well; without it, as for a socket.

    What the database raises while it is away, and TimeoutError, count against nobody."""
    headers = {name.decode("latin1"): value.decode("latin1") for name, value in scope["headers"]}
    # A socket takes commands, which no token is good for.
    secret = secret_in(headers) if check is not None else None
    key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    address = address_of(scope)
    # An office is one address. So only what fails counts against an address, and a session that
    # was good before is looked at whatever its neighbours do.
    known = session_digest(key if secret is None else secret)
    if known not in _admitted and _failures.wait(address, time.monotonic()):
        metrics.rate_limits.by["handshakes"] += 1
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "failures")
    try:
        if check is None:
            _check_page(headers, scope.get("subprotocols", ()))
        elif secret is None:
            # With a token no cookie is looked at, which is all that another site's page could use.
            check(headers)
        async with _turn(has_left):
            if secret is not None:
                return await _check_program(hub, secret)
            return await _check_person(hub, key)
    except Refused:
        _failures.take(address, time.monotonic())
        raise


def address_of(scope: Mapping[str, Any]) -> str:
    """Return from where somebody connects, as far as the server knows."""
    address: str = (scope.get("client") or ["unix"])[0]
    return address


@asynccontextmanager
async def _turn(has_left: Callable[[], bool]) -> AsyncIterator[None]:
    """Wait for a place, and let the database be asked for as long as somebody waits for it."""
    places = _places()
    has_waited = places.locked()
    # A page gives up after 10 s. Whom it asks again had better know that this one is stuck.
    async with places, asyncio.timeout(DATABASE_SECONDS):
        # Work for those who gave up is what keeps a crowd that comes back from getting in.
        if has_waited and has_left():
            raise Gone
        yield


@contextmanager
def refusing_while_away() -> Iterator[None]:
    """Refuse whoever asks while the database does not answer, or not in time."""
    try:
        yield
    except (*AWAY, TimeoutError) as error:
        logger.warning("Nobody can come in: %r", error)
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "database") from error


def check_reader(headers: Mapping[str, str]) -> None:
    """Refuse to tell anything to another site's page. Browsers name the origin of what they only
    read in their own way, or not at all for the same site."""
    site = headers.get("sec-fetch-site", "none")
    origin = headers.get("origin")
    if site not in ("same-origin", "none") or (origin is not None and not _is_ours(headers)):
        raise Refused(HTTPStatus.FORBIDDEN, "origin")


def is_revoked(hub: Hub, admitted: Admitted) -> bool:
    """Return whether access was taken away since the session was read. To be asked again once
    the hub can find the connection: in between nobody could have closed it."""
    return hub.revoked.contains(admitted.position, admitted.session, admitted.person)


def _places() -> asyncio.Semaphore:
    # One semaphore for each event loop: a process has one, a test suite has many.
    loop = asyncio.get_running_loop()
    if loop not in _semaphores:
        _semaphores[loop] = asyncio.Semaphore(MAX_AT_ONCE)
    return _semaphores[loop]


def _check_page(headers: Mapping[str, str], subprotocols: Iterable[str]) -> None:
    if not _is_ours(headers):
        raise Refused(HTTPStatus.FORBIDDEN, "origin")
    if SUBPROTOCOL not in subprotocols:
        raise Refused(HTTPStatus.BAD_REQUEST, "subprotocol")


def _is_ours(headers: Mapping[str, str]) -> bool:
    return origins.is_ours(
        headers.get("origin", ""),
        headers.get("host", ""),
        trusted=settings.CSRF_TRUSTED_ORIGINS,
        local_hosts=settings.LOCAL_HOSTS,
    )


async def _check_person(hub: Hub, key: str) -> Admitted:
    position = hub.revoked.position
    admitted = await in_database(_read_session, key, position) if key else None
    if admitted is None or is_revoked(hub, admitted):
        raise Refused(HTTPStatus.FORBIDDEN, "session")
    return _count_in(hub, admitted)


async def _check_program(hub: Hub, secret: str) -> Admitted:
    position = hub.revoked.position
    bearer = await in_database(bearers().find, secret)
    if bearer is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, "token")
    if READ not in bearer.scopes:
        raise Refused(HTTPStatus.FORBIDDEN, "scope")
    admitted = Admitted(
        bearer.person, bearer.digest, bearer.expires_in_seconds, position, is_program=True
    )
    if is_revoked(hub, admitted):
        raise Refused(HTTPStatus.UNAUTHORIZED, "token")
    if not bearer.is_noted:
        # When it was last used is worth no stream that is refused.
        with suppress(*AWAY, TimeoutError):
            async with asyncio.timeout(NOTING_SECONDS):
                await write_in_database(f"token:{bearer.digest}", bearers().note, bearer.digest)
    return _count_in(hub, admitted)


def _count_in(hub: Hub, admitted: Admitted) -> Admitted:
    if len(hub.connections.of_person(admitted.person)) >= MAX_SOCKETS_PER_PERSON:
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "sockets")
    _remember(admitted.session)
    return admitted


def _read_session(key: str, position: int) -> Admitted | None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    # The row itself and not the store's look at it: its end is needed too, and the store would
    # count a whole new life from now on.
    rows = store.get_model_class().objects.filter(session_key=key, expire_date__gt=timezone.now())
    row = rows.first()
    if row is None:
        return None
    request = HttpRequest()
    request.session = store
    store.update(store.decode(row.session_data))
    # Under a new SECRET_KEY Django gives a session a new key, and a handshake cannot tell it.
    store.cycle_key = lambda: None
    person = get_user(request)
    if not person.is_authenticated:
        return None
    left = (row.expire_date - timezone.now()).total_seconds()
    return Admitted(person.pk, session_digest(key), left, position)


def _remember(session: str) -> None:
    _admitted[session] = None
    _admitted.move_to_end(session)
    if len(_admitted) > MAX_REMEMBERED:
        _admitted.popitem(last=False)
