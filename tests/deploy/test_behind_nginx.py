"""What nginx, with the files of deploy/, lets through to the workers, and what it does itself."""

import gzip
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.asking import Answer, get
from tests.servers.cluster import Cluster, Worker
from tests.servers.process import becomes
from tests.wire import client, dial, make_people


def ask(cluster: Cluster, path: str, **options: str) -> Answer:
    return get(cluster.installation.port, path, **options)


def sockets_of(worker: Worker) -> int:
    """How many connections the kernel has between nginx and a worker."""
    lines = Path("/proc/net/unix").read_text().splitlines()
    connected = [line.split() for line in lines if line.endswith(f" {worker.socket}")]
    return sum(fields[5] == "03" for fields in connected)


def test_a_page_comes_through(cluster: Cluster):
    page = ask(cluster, "/accounts/login/")

    assert page.status == 200
    assert "strict-dynamic" in page.headers["Content-Security-Policy"]
    assert page.headers["Server"] == "nginx"


def test_files_are_compressed_and_kept_for_ever_when_their_name_holds_a_hash(cluster: Cluster):
    page = ask(cluster, "/accounts/login/").text
    [path, *_] = re.findall(r"/static/css/tokens\.[0-9a-f]{12}\.css", page)

    packed = ask(cluster, path, Accept_Encoding="gzip")
    plain = ask(cluster, path)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["Content-Type"] == "text/css"
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    unhashed = ask(cluster, "/static/css/tokens.css")
    assert unhashed.headers["Cache-Control"] == "public, max-age=60"


def test_the_folder_with_the_secrets_cannot_be_reached_beside_the_files(cluster: Cluster):
    assert (cluster.installation.var / "secret_key").exists()
    for path in ("/static/../secret_key", "/static../secret_key", "/static/%2e%2e/secret_key"):
        assert ask(cluster, path).status in (400, 404), path


def post(cluster: Cluster, path: str, size: int) -> int:
    """Send a form without a token, and return whose refusal comes back."""
    address = ("127.0.0.1", cluster.installation.port)
    with closing(HTTPConnection(*address, timeout=60)) as connection:
        connection.request("POST", path, b"x" * size)
        return connection.getresponse().status


def test_a_picture_of_oneself_comes_through_and_nothing_else_of_its_size(cluster: Cluster):
    assert post(cluster, "/settings/profile/", 2_000_000) == 403
    assert post(cluster, "/accounts/login/", 2_000_000) == 413
    assert post(cluster, "/settings/profile/", 10_000_000) == 413


def test_sockets_are_spread_and_what_is_said_on_one_worker_is_heard_on_all(cluster: Cluster):
    room, sessions = make_people(cluster.installation, "alice", "bob", "carol")
    with ExitStack() as stack:
        clients = [
            stack.enter_context(client(cluster.installation, session)) for session in sessions
        ]
        assert [sockets_of(worker) for worker in cluster.workers] == [1, 1, 1]
        for one in clients:
            one.subscribe(room)

        for number, one in enumerate(clients):
            one.post(room, f"from {number}")

        for one in clients:
            texts = {row["html"] for row in one.hear_all(room, 3)}
            assert texts == {f"<p>from {number}</p>" for number in range(3)}


@pytest.mark.parametrize("name", ["metrics", "healthz", "readyz"])
@pytest.mark.parametrize("form", ["/{}", "//{}", "/x/../{}", "/%2e/{}", "/{}?x=1", "/{}/", "/./{}"])
def test_what_workers_tell_their_watchers_is_not_for_the_public(
    cluster: Cluster, name: str, form: str
):
    escaped = f"%{ord(name[0]):x}{name[1:]}"

    assert ask(cluster, form.format(name)).status == 404
    assert ask(cluster, form.format(escaped)).status == 404


def test_on_its_own_socket_a_worker_answers_them(cluster: Cluster):
    assert [worker.status("/readyz") for worker in cluster.workers] == [200, 200, 200]


def test_who_fails_too_often_is_known_by_the_address_that_nginx_sees(cluster: Cluster):
    def knock(source: str, claimed: str) -> int:
        with pytest.raises(InvalidStatus) as refused:
            dial(
                cluster.installation, "invented", source_address=(source, 0),
                headers={"X-Forwarded-For": claimed, "Forwarded": f"for={claimed}"},
            )  # fmt: skip
        status: int = refused.value.response.status_code
        return status

    # 30 on each of three workers.
    statuses = [knock("127.0.0.5", f"198.51.100.{number}") for number in range(120)]

    assert statuses[0] == 403
    assert statuses[-1] == 429
    assert knock("127.0.0.6", "127.0.0.5") == 403


def test_headers_that_only_a_proxy_may_send_are_taken_out(cluster: Cluster):
    page = ask(cluster, "/accounts/login/", Daphne_Root_Path="//evil.example")

    assert page.status == 200
    assert "evil.example" not in page.text


def test_only_sockets_are_upgraded(cluster: Cluster):
    page = ask(cluster, "/accounts/login/", Connection="Upgrade", Upgrade="websocket")

    assert page.status == 200


def test_who_asks_too_often_is_told_so_and_nobody_else_is(cluster: Cluster):
    def burst(_: int) -> set[int]:
        return {ask(cluster, "/live/session", source="127.0.0.7").status for _ in range(120)}

    with ThreadPoolExecutor(4) as crowd:
        statuses = set.union(*crowd.map(burst, range(4)))

    assert statuses == {401, 429}
    assert ask(cluster, "/live/session").status == 401
    assert becomes(lambda: ask(cluster, "/live/session", source="127.0.0.7").status == 401)


def test_who_holds_too_many_requests_open_is_told_so(cluster: Cluster):
    head = b"POST /accounts/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(101):
            one = stack.enter_context(
                socket.create_connection(
                    ("127.0.0.1", cluster.installation.port), source_address=("127.0.0.8", 0)
                )
            )
            one.sendall(head)

        def next_one() -> int:
            return ask(cluster, "/accounts/login/", source="127.0.0.8").status

        assert becomes(lambda: next_one() == 429)
        assert ask(cluster, "/accounts/login/").status == 200

    assert becomes(lambda: next_one() == 200)
