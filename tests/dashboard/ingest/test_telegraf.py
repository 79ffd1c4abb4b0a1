"""What Telegraf sends is taken as it is, byte by byte, by both of its outputs for Influx.

The requests are those of its `outputs.influxdb_v2` and `outputs.influxdb` (1.30): a gzip of a batch
that is made while it is sent, so that it comes in chunks without a length, over one connection that
stays open.
"""

import gzip
import json
import socket
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.dashboard.ingest.sending import make_sources, stored
from tests.servers.installation import Installation

BATCH = """\
cpu,cpu=cpu0,host=web1 usage_user=1.5015015015014574,usage_system=0.5005005005005019,usage_idle=97.99799799799856 {at}000000000
mem,host=web1 total=16624467968i,available_percent=81.2,used=2254139392i {at}000000000
diskio,host=web1,name=nvme0n1,wwid=eui.0025\\ 38 reads=18446744073709551615u,io_time=99i {at}000000000
net,host=web1,interface=all icmp_inerrors=0i,tcp_maxconn=-1i {at}000000000
docker_container_status,container_image=nginx,host=web1 exitcode=0i,container_id="ab\\"c",oomkilled=false {at}000000000
"""  # noqa: E501 (as it is sent)


@pytest.fixture(scope="module")
def tokens(live_server_process: Installation) -> dict[str, str]:
    return make_sources(live_server_process, "two", "one", "partly", "plain", "again")


@pytest.fixture
def at() -> int:
    return int(time.time()) - 30


@contextmanager
def connection_to(installation: Installation) -> Iterator[socket.socket]:
    split = urlsplit(installation.url)
    with socket.create_connection((split.hostname, split.port or 80), timeout=60) as connected:
        yield connected


def send(
    connection: socket.socket, target: str, credentials: str, batch: str, *headers: str
) -> tuple[int, Any]:
    """Send a batch as Go's client does: the head, then chunks as they are made, then the end."""
    host, port = connection.getpeername()
    head = [
        f"POST {target} HTTP/1.1", f"Host: {host}:{port}", "User-Agent: Telegraf/1.30.3 Go/1.22.4",
        "Transfer-Encoding: chunked", f"Authorization: {credentials}", *headers,
        "Content-Encoding: gzip", "Content-Type: text/plain; charset=utf-8",
        "Accept-Encoding: gzip", "", "",
    ]  # fmt: skip
    connection.sendall("\r\n".join(head).encode())
    packed = gzip.compress(batch.encode())
    for start in range(0, len(packed), 100):
        part = packed[start : start + 100]
        connection.sendall(b"%x\r\n%b\r\n" % (len(part), part))
    connection.sendall(b"0\r\n\r\n")
    return heard(connection)


def heard(connection: socket.socket) -> tuple[int, Any]:
    answer = HTTPResponse(connection)
    answer.begin()
    body = answer.read()
    return answer.status, json.loads(body) if body else None


def test_the_output_for_influx_2_is_taken(
    live_server_process: Installation, tokens: dict[str, str], at: int
):
    target = "/api/v2/write?bucket=telegraf&org=influxdata"
    with connection_to(live_server_process) as connection:
        answers = [
            send(connection, target, f"Token {tokens['two']}", BATCH.format(at=at + later))
            for later in (0, 10)
        ]

    assert answers == [(204, None)] * 2
    series = stored(live_server_process)
    idle = series["cpu.usage_idle{cpu=cpu0, host=web1}"]
    assert [(second, count) for second, count, *_ in idle] == [(at, 1), (at + 10, 1)]
    assert idle[0][2] == 97.99799799799856
    assert "diskio.reads{host=web1, name=nvme0n1, wwid=eui.0025 38}" in series
    assert series["net.tcp_maxconn{host=web1, interface=all}"][0][2] == -1
    labels = "container_image=nginx, host=web1"
    assert series[f"docker_container_status.oomkilled{{{labels}}}"][0][2] == 0
    assert f"docker_container_status.container_id{{{labels}}}" not in series


def test_what_it_sends_again_with_what_came_meanwhile_is_counted_once(
    live_server_process: Installation, tokens: dict[str, str], at: int
):
    """Where it hears nothing for five seconds it keeps what it has sent, and the next time puts
    the next ten seconds behind it: up to `metric_batch_size` lines, the oldest first."""
    target, token = "/api/v2/write?bucket=a&org=b", f"Token {tokens['again']}"
    batches = [f"again,host=web1 value=1 {at + later}000000000\n" for later in range(4)]
    for end in (1, 2, 2, 4):
        with connection_to(live_server_process) as connection:
            answer = send(connection, target, token, "".join(batches[:end]))
        assert answer == (204, None)

    found = stored(live_server_process)["again{host=web1}"]
    assert [(second - at, count) for second, count, *_ in found] == [(0, 1), (1, 1), (2, 1), (3, 1)]


def test_the_output_for_influx_1_finds_its_database_and_is_taken(
    live_server_process: Installation, tokens: dict[str, str], at: int
):
    basic = "Basic " + b64encode(f"telegraf:{tokens['one']}".encode()).decode()
    form = b"q=CREATE+DATABASE+%22telegraf%22"
    with connection_to(live_server_process) as connection:
        host, port = connection.getpeername()
        connection.sendall(
            f"POST /query HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: Telegraf/1.30.3\r\n"
            f"Content-Length: {len(form)}\r\nAuthorization: {basic}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nAccept-Encoding: gzip\r\n"
            "\r\n".encode()
            + form
        )
        created = heard(connection)
        batch = f"queue,host=one waiting=7i {at}000000000\n"
        written = send(connection, "/write?consistency=any&db=telegraf", basic, batch)

    assert created == (200, {"results": [{"statement_id": 0}]})
    assert written == (204, None)
    assert stored(live_server_process)["queue.waiting{host=one}"] == [[at, 1, 7, 7, 7, 7]]


def test_what_is_refused_says_so_where_telegraf_looks_for_it(
    live_server_process: Installation, tokens: dict[str, str], at: int
):
    """It drops what is answered with 400 and logs `message`; what was good is stored."""
    batch = f"partly,host=a value=1 {at}000000000\npartly,host=a value= {at}000000000\n"
    with connection_to(live_server_process) as connection:
        status, told = send(
            connection, "/api/v2/write?bucket=a&org=b", f"Token {tokens['partly']}", batch
        )

    assert (status, told["stored"], told["refused"]) == (400, 1, 1)
    assert told["message"].startswith("line 2: ")
    assert told["code"] == "bad_request"
    assert stored(live_server_process)["partly{host=a}"] == [[at, 1, 1, 1, 1, 1]]


@pytest.mark.parametrize("question", ["SHOW DATABASES", "DROP DATABASE telegraf", ""])
def test_nothing_else_is_asked_there(
    live_server_process: Installation, tokens: dict[str, str], question: str
):
    body = f"q={question}"
    with connection_to(live_server_process) as connection:
        status, told = send(connection, "/query", f"Token {tokens['plain']}", body)

    assert status == 400
    assert told["error"]["detail"] == "There is no query language here."


def test_nobody_asks_without_a_token(live_server_process: Installation):
    with connection_to(live_server_process) as connection:
        status, _ = send(connection, "/query", "Token guessed", "q=CREATE DATABASE a")

    assert status == 401
