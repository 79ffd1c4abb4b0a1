"""Requests as somebody sends them who does not keep to what browsers do."""

import socket
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage, HTTPResponse
from pathlib import Path

SECONDS = 30


@dataclass
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def get(port: int, path: str, *, source: str = "127.0.0.1", **headers: str) -> Answer:
    """Ask for a path as it is written, from any loopback address."""
    connection = HTTPConnection("127.0.0.1", port, SECONDS, source_address=(source, 0))
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        return read(connection.getresponse())
    finally:
        connection.close()


def read(response: HTTPResponse) -> Answer:
    return Answer(response.status, response.headers, response.read())


def call(path: Path) -> socket.socket:
    """A connection to a unix socket."""
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(SECONDS)
    one.connect(str(path))
    return one


def status_on(connection: socket.socket) -> int:
    """The status of what is answered there."""
    response = HTTPResponse(connection)
    response.begin()
    response.read()
    return response.status
