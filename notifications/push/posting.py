"""Handing a message to a push service: one request, to the address that was checked."""

import socket
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPSConnection
from threading import Timer

from notifications.push.endpoints import Endpoint, NotAllowed, read_endpoint, resolve
from notifications.push.identity import authorization

PATIENCE = 10
"""Seconds for each step of the way, and half as many again for all of it."""
AT_ONCE = 8

# For the network alone: these threads never touch the database.
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push")


@dataclass(frozen=True)
class Post:
    """A message, encrypted, and what the push service is told of it."""

    endpoint: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What came of it: a status, 0 where there was none."""

    status: int
    retry_after: str = ""
    trouble: str = ""


def post_all(posts: Sequence[Post]) -> list[Answer]:
    """Send these, a few at once, and return the answers in their order."""
    return list(_threads.map(post, posts))


def post(message: Post) -> Answer:
    """Send one. Of the answer nothing but the status is read: it may come from anywhere, and say
    anything. Redirects are not followed, which is how somebody would pass the check by."""
    try:
        return _send(message, read_endpoint(message.endpoint))
    except NotAllowed as error:
        return Answer(400, trouble=str(error))
    except (OSError, HTTPException, ValueError) as error:
        return Answer(0, trouble=f"{type(error).__name__}: {error}"[:200])


def _send(message: Post, endpoint: Endpoint) -> Answer:
    connection = PinnedConnection(endpoint, resolve(endpoint))
    headers = message.headers | {"Authorization": authorization(endpoint.origin)}
    # One that says a letter every nine seconds would be within its time for ever.
    end = Timer(PATIENCE * 1.5, connection.cut)
    end.daemon = True
    end.start()
    try:
        with closing(connection):
            connection.request("POST", endpoint.path, message.body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers.get("Retry-After", ""))
    finally:
        end.cancel()


class PinnedConnection(HTTPSConnection):
    """A connection to one address, which has to show a certificate of the host's name."""

    def __init__(self, endpoint: Endpoint, address: str) -> None:
        super().__init__(endpoint.host, endpoint.port, timeout=PATIENCE, context=tls())
        self._address = address
        self._raw: socket.socket | None = None

    def connect(self) -> None:
        self._raw = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = tls().wrap_socket(self._raw, server_hostname=self.host)

    def cut(self) -> None:
        """End it, from another thread, whatever it waits for."""
        for one in (self.sock, self._raw):
            if one is not None:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


@cache
def tls() -> ssl.SSLContext:
    """Return by whom certificates have to be signed: who the system trusts. Read once, for it
    takes as long as ten messages."""
    return ssl.create_default_context()
