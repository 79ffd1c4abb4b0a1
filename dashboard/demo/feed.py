"""Sending lines to an installation, as any program does: over HTTP, with a token."""

import gzip
import time
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

PATH = "/api/v1/ingest/write"
ATTEMPTS = 10


class Refused(Exception):
    """What was sent was not taken."""


class Feed:
    """A connection that stays open. What is not taken at the moment is sent again."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.netloc, timeout=30)
        self._headers = {"Authorization": f"Token {token}", "Content-Encoding": "gzip"}

    def send(self, lines: Iterable[str], *, attempts: int = ATTEMPTS) -> None:
        """Send lines together and return when they are stored. Raises Refused."""
        body = gzip.compress("\n".join(lines).encode(), compresslevel=1)
        for left in reversed(range(attempts)):
            status, wait, told = self._post(body)
            if status == 204:
                return
            if status not in (429, 503) or not left:
                raise Refused(f"{status}: {told}")
            time.sleep(wait)

    def close(self) -> None:
        self._connection.close()

    def _post(self, body: bytes) -> tuple[int, float, str]:
        try:
            self._connection.request("POST", PATH, body, self._headers)
            answer = self._connection.getresponse()
            told = answer.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            # Nothing is known of what became of it. It is sent again, and counted once. The next
            # request connects anew.
            self._connection.close()
            return 503, 1.0, repr(error)
        return answer.status, float(answer.headers.get("Retry-After", 1)), told
