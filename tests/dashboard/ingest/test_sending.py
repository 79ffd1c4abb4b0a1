"""Telegraf, Influx clients and curl send as they are, and each of their numbers is counted once."""

import gzip
import json
import time
from base64 import b64encode

import pytest

from tests.dashboard.ingest.sending import curl, kept, make_sources, said, stored
from tests.servers.installation import Installation

# What Telegraf 1.3x sends of its cpu, disk and system inputs, in one batch.
TELEGRAF = """\
cpu,cpu=cpu-total,host=web1 usage_idle=97.2,usage_user=1.5 {at}000000000
disk,device=sda1,fstype=ext4,host=web1,mode=rw,path=/my\\ disk free=52i,used_percent=48.1 {at}000000000
system,host=web1 uptime_format=" 3 days, 2:01",load1=0.4,n_cpus=2i {at}000000000
"""  # noqa: E501 (as it is sent)


@pytest.fixture(scope="module")
def tokens(live_server_process: Installation) -> dict[str, str]:
    return make_sources(
        live_server_process, "telegraf", "curl", "influx", "partly", "json", "wide", "gone", "old"
    )


@pytest.fixture
def at() -> int:
    return int(time.time()) - 60


def test_a_batch_of_telegraf_is_stored_as_it_is(
    live_server_process: Installation, tokens: dict[str, str], at: int
):
    answer = curl(
        f"{live_server_process.url}/api/v2/write?bucket=any&org=any",
        "-H", "Content-Encoding: gzip", token=tokens["telegraf"],
        body=gzip.compress(TELEGRAF.format(at=at).encode()),
    )  # fmt: skip

    assert (answer.status, answer.body) == (204, "")
    series = stored(live_server_process)
    assert series["cpu.usage_idle{cpu=cpu-total, host=web1}"] == [[at, 1, 97.2, 97.2, 97.2, 97.2]]
    disk = "disk.free{device=sda1, fstype=ext4, host=web1, mode=rw, path=/my disk}"
    assert series[disk] == [[at, 1, 52, 52, 52, 52]]
    assert "system.n_cpus{host=web1}" in series
    assert "system.uptime_format{host=web1}" not in series


def test_curl_needs_no_more_than_a_line(live_server_process: Installation, tokens: dict[str, str]):
    answer = curl(
        f"{live_server_process.url}/api/v1/ingest/write", "-d", "queue,host=web1 value=7",
        token=tokens["curl"],
    )  # fmt: skip

    assert answer.status == 204
    [[_, *point]] = stored(live_server_process)["queue{host=web1}"]
    assert point == [1, 7, 7, 7, 7]


@pytest.mark.parametrize(
    "scheme",
    ["Bearer {token}", "Token {token}", "Token alice:{token}", "Basic {basic}"],
)
def test_programs_say_who_they_are_in_their_own_ways(
    live_server_process: Installation, tokens: dict[str, str], scheme: str
):
    token = tokens["influx"]
    basic = b64encode(f"alice:{token}".encode()).decode()

    answer = curl(
        f"{live_server_process.url}/write?db=any&precision=s",
        "-d", f"m value=1 {int(time.time())}",
        "-H", f"Authorization: {scheme.format(token=token, basic=basic)}",
    )  # fmt: skip

    assert answer.status == 204


def test_a_token_in_an_address_is_none(live_server_process: Installation, tokens: dict[str, str]):
    answer = curl(
        f"{live_server_process.url}/write?db=any&u=alice&p={tokens['influx']}", "-d", "m value=1"
    )

    assert answer.status == 401
    assert "address" in answer.json["error"]["detail"]


def test_bad_lines_are_named_and_the_good_ones_stored(
    live_server_process: Installation, tokens: dict[str, str], at: int
):
    body = f"partly value=1 {at}\nnonsense\npartly value=2 {at}\npartly value=3 {at // 1000}\n"

    answer = curl(
        f"{live_server_process.url}/write?precision=s", token=tokens["partly"], body=body.encode()
    )

    assert answer.status == 400
    assert [one["line"] for one in answer.json["error"]["lines"]] == [2, 4]
    assert answer.json["error"]["detail"].startswith("line 2: ")
    assert (answer.json["stored"], answer.json["refused"]) == (2, 2)
    assert stored(live_server_process)["partly"] == [[at, 2, 3, 1, 2, 2]]


def test_numbers_may_come_as_json(
    live_server_process: Installation, tokens: dict[str, str], at: int
):
    answer = curl(
        f"{live_server_process.url}/api/v1/ingest/json", token=tokens["json"],
        body=json.dumps(
            [
                {"name": "json.took", "value": 0.5, "kind": "histogram", "unit": "s", "at": at},
                {"name": "json.took", "value": "long"},
            ]
        ).encode(),
    )  # fmt: skip

    assert answer.status == 400
    assert [one["line"] for one in answer.json["error"]["lines"]] == [2]
    assert stored(live_server_process)["json.took"] == [[at, 1, 0.5, 0.5, 0.5, 0.5]]


def test_series_beyond_a_sources_room_are_refused_and_the_others_stored(
    live_server_process: Installation, tokens: dict[str, str], at: int
):
    url = f"{live_server_process.url}/write?precision=s"
    first = "\n".join(f"wide,n={number} value=1 {at}" for number in range(999))
    curl(url, token=tokens["wide"], body=first.encode())

    answer = curl(
        url, token=tokens["wide"], body=f"wide,n=0 value=2 {at}\nw1 value=1\nw2 value=1".encode()
    )

    assert answer.status == 422
    assert "No room for more series" in answer.json["error"]["detail"]
    assert stored(live_server_process)["wide{n=0}"] == [[at, 2, 3, 1, 2, 2]]


def test_too_much_at_once_is_refused(live_server_process: Installation, tokens: dict[str, str]):
    url = f"{live_server_process.url}/write"
    bomb = gzip.compress(b" " * (9 * 1024 * 1024))

    packed = curl(url, "-H", "Content-Encoding: gzip", token=tokens["curl"], body=bomb)
    plain = curl(url, token=tokens["curl"], body=b"\n" * (9 * 1024 * 1024))

    assert (packed.status, plain.status) == (413, 413)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"no gzip", 400), (gzip.compress(b"m value=1")[:-4], 400),
     (gzip.compress(b"m value=1\n") + gzip.compress(b"m value=2\n"), 204)],
    ids=["none", "cut off", "two members"],
)  # fmt: skip
def test_gzip_is_read_whole_or_not_at_all(
    live_server_process: Installation, tokens: dict[str, str], body: bytes, status: int
):
    answer = curl(
        f"{live_server_process.url}/write", "-H", "Content-Encoding: gzip",
        token=tokens["curl"], body=body,
    )  # fmt: skip

    assert answer.status == status


@pytest.mark.parametrize(
    ("options", "status"),
    [(["-X", "GET"], 405), (["-H", "Content-Encoding: br"], 415)],
)
def test_what_is_asked_in_another_way_is_refused(
    live_server_process: Installation, tokens: dict[str, str], options: list[str], status: int
):
    answer = curl(
        f"{live_server_process.url}/write", *options, token=tokens["curl"], body=b"m value=1"
    )

    assert answer.status == status


@pytest.mark.parametrize("query", ["precision=day", "kind=text"])
def test_what_cannot_be_meant_is_refused(
    live_server_process: Installation, tokens: dict[str, str], query: str
):
    answer = curl(
        f"{live_server_process.url}/write?{query}", token=tokens["curl"], body=b"m value=1"
    )

    assert answer.status == 400


def test_nobody_sends_without_a_token_that_is_good(live_server_process: Installation):
    url = f"{live_server_process.url}/api/v1/ingest/write"

    nobody = curl(url, body=b"m value=1")
    mallory = curl(url, token="sbx_guessed", body=b"m value=1")

    assert (nobody.status, mallory.status) == (401, 401)
    assert nobody.headers["www-authenticate"].startswith("Bearer")


def test_a_token_that_was_revoked_sends_nothing_more(
    live_server_process: Installation, tokens: dict[str, str]
):
    url = f"{live_server_process.url}/api/v1/ingest/write"
    assert curl(url, token=tokens["gone"], body=b"gone value=1").status == 204

    said(
        live_server_process,
        "from realtime_project.accounts.models import Token, User\n"
        "from realtime_project.accounts.services import revoke_token\n"
        "admin = User.objects.get(username='admin')\n"
        "revoke_token(by=admin, token=Token.objects.get(name='gone').pk)\nprint(1)",
    )

    assert curl(url, token=tokens["gone"], body=b"gone value=2").status == 401
    [[_, count, *_]] = stored(live_server_process)["gone"]
    assert count == 1


def test_a_token_for_something_else_sends_nothing(live_server_process: Installation):
    other = said(
        live_server_process,
        "import json\nfrom realtime_project.accounts.models import User\n"
        "from realtime_project.accounts.services import make_token\n"
        "admin = User.objects.get(username='admin')\n"
        "print(json.dumps(make_token(by=admin, name='x', scopes=['notify'])[1]))",
    )

    answer = curl(f"{live_server_process.url}/write", token=other, body=b"m value=1")

    assert answer.status == 403


def test_a_job_tells_that_it_begins_and_is_done(
    live_server_process: Installation, tokens: dict[str, str]
):
    url = f"{live_server_process.url}/api/v1/ping/backup"

    unknown = curl(url, token=tokens["curl"])
    started = curl(f"{url}/start?every=1d", token=tokens["curl"])
    done = curl(url, "-d", "12 files", token=tokens["curl"])
    failed = curl(f"{url}/fail", "-X", "POST", token=tokens["curl"])
    elsewhere = curl(url, token=tokens["influx"])

    assert (unknown.status, elsewhere.status) == (404, 404)
    assert [one.json["state"] for one in (started, done, failed)] == ["running", "done", "failed"]


@pytest.mark.parametrize(
    "rest",
    ["", "/", "/a/b", "/%00", "/backup/other", f"/{'x' * 81}"],
    ids=["none", "empty", "two", "nul", "other word", "long"],
)
def test_a_heartbeat_has_a_short_name(
    live_server_process: Installation, tokens: dict[str, str], rest: str
):
    answer = curl(f"{live_server_process.url}/api/v1/ping{rest}?every=1d", token=tokens["curl"])

    assert answer.status == 404


def test_lines_of_a_deployment_are_kept_as_text_or_json(
    live_server_process: Installation, tokens: dict[str, str]
):
    url = f"{live_server_process.url}/api/v1/ingest/logs"

    text = curl(
        f"{url}?origin=web1", token=tokens["curl"],
        body=b"Starting\nERROR: no space left, password=hunter22\n",
    )  # fmt: skip
    lines = curl(
        url, "-H", "Content-Type: application/x-ndjson", "-H", "Content-Encoding: gzip",
        "-H", f"Authorization: Token {tokens['curl']}", "--data-binary", "@-",
        stdin=gzip.compress(b'{"msg": "done", "level": "notice"}\n{"no": "text"}\n'),
    )  # fmt: skip

    assert text.status == 204
    assert (lines.status, lines.json["error"]["lines"][0]["line"]) == (400, 2)
    assert kept(live_server_process) == [
        ("info", "curl", "web1", "Starting"),
        ("error", "curl", "web1", "ERROR: no space left, password=[redacted]"),
        ("info", "curl", "", "done"),
    ]


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [("?level=loud", b"x", 400), ("", b"", 204), ("?level=warn", b"x", 204)],
)
def test_lines_that_cannot_be_meant_are_refused(
    live_server_process: Installation, tokens: dict[str, str], query: str, body: bytes, status: int
):
    answer = curl(
        f"{live_server_process.url}/api/v1/ingest/logs{query}", token=tokens["influx"], body=body
    )

    assert answer.status == status


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [("text/plain", b"Release 1.2", 201), ("application/json", b'{"title": "x", "at": 5}', 422),
     ("application/json", b'{"title": 5}', 400), ("text/plain", b" ", 422)],
)  # fmt: skip
def test_what_happened_is_written_on_the_axis_of_time(
    live_server_process: Installation, tokens: dict[str, str], kind: str, body: bytes, status: int
):
    answer = curl(
        f"{live_server_process.url}/api/v1/annotations", "-H", f"Content-Type: {kind}",
        "-H", f"Authorization: Bearer {tokens['curl']}", "--data-binary", "@-", stdin=body,
    )  # fmt: skip

    assert answer.status == status
