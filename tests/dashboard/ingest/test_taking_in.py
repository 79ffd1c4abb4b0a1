"""What is sent is stored together and answered afterwards; who sends too much is told to wait."""

import asyncio
import gzip
import threading
from collections.abc import Iterator, Sequence

import pytest
from django.db import OperationalError

from dashboard.ingest import annotating, bodies, counting, logging_in, requests, storing, writing
from dashboard.ingest.counting import Sent
from dashboard.ingest.faults import Fault, Faults, Reason
from dashboard.ingest.senders import make_source_token
from dashboard.ingest.storing import Storing
from dashboard.models import Annotation, IngestSource, LogBatch, Series, SourceToken, StoredReport
from dashboard.storage.points import single
from dashboard.storage.reports import Report, store
from realtime_project.accounts.models import User
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.database import in_database
from tests.dashboard.ingest.programs import post

pytestmark = pytest.mark.django_db(transaction=True)

WRITE = "/api/v1/ingest/write"
JSON = "/api/v1/ingest/json"
LOGS = "/api/v1/ingest/logs"


@pytest.fixture(autouse=True)
def nobody_has_sent_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(requests, "_failures", Buckets(requests.FAILURES))
    monkeypatch.setattr(requests, "_requests", Buckets(requests.REQUESTS))
    monkeypatch.setattr(writing, "_allowances", Buckets(Limit(rate=25_000, burst=125_000)))
    monkeypatch.setattr(logging_in, "_allowances", Buckets(logging_in.LINES))
    monkeypatch.setattr(annotating, "_allowances", Buckets(annotating.NOTES))
    storing.storing.cache_clear()
    yield
    storing.storing.cache_clear()


def reports() -> int:
    return StoredReport.objects.count()


async def test_what_many_bring_at_once_is_stored_together(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    assert (await post(WRITE, token, b"m value=0")).status == 204
    [series] = await in_database(lambda: list(Series.objects.filter(name="m")))
    is_storing, gate = threading.Event(), threading.Event()

    def held(batches: Sequence[Report]) -> None:
        is_storing.set()
        assert gate.wait(10)
        store(batches)

    monkeypatch.setattr(counting, "store", held)
    waiting = Storing()
    first = asyncio.ensure_future(waiting.add(Sent({(1, series.pk): single(0, 1)})))
    assert await asyncio.to_thread(is_storing.wait, 10)
    others = [
        asyncio.ensure_future(waiting.add(Sent({(1, series.pk): single(number, 1)})))
        for number in range(9)
    ]
    await asyncio.sleep(0)
    assert not first.done()
    gate.set()
    await asyncio.gather(first, *others)

    # One for the first request, one for the first here, and one for the other nine.
    assert await in_database(reports) == 3


async def test_a_machine_that_makes_too_many_series_leaves_room_for_the_others(
    token: str, staff: User
):
    """The machines of a source have tokens of their own."""
    source = await in_database(IngestSource.objects.get)
    other = await in_database(make_source_token, by=staff, source=source, name="web2")
    await in_database(SourceToken.objects.filter(token__name="web1").update, max_series=2)

    answers = [
        await post(WRITE, token, b"a value=1"),
        await post(WRITE, token, b"a value=2\nb value=2\nc value=2"),
        await post(WRITE, other, b"c value=4\nd value=4\ne value=4"),
        await post(WRITE, token, b"c value=8"),
    ]

    assert [answer.status for answer in answers] == [204, 422, 204, 204]
    assert answers[1].json["message"] == "No room for more series: c"
    assert answers[1].json["stored"] == 2


async def test_what_cannot_be_stored_is_said_to_all_who_wait(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    def away(batches: Sequence[Report]) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(counting, "store", away)

    answers = await asyncio.gather(*[post(WRITE, token, b"m value=1") for _ in range(3)])

    assert {answer.status for answer in answers} == {503}
    assert {answer.headers["retry-after"] for answer in answers} == {"2"}
    monkeypatch.undo()
    assert (await post(WRITE, token, b"m value=1")).status == 204


async def test_when_too_much_waits_no_more_is_taken(token: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(storing, "MAX_WAITING", 2)

    answer = await post(WRITE, token, b"a value=1\nb value=1\nc value=1")

    assert (answer.status, answer.headers["retry-after"]) == (503, "1")


async def test_who_sends_more_than_a_token_may_is_told_when_to_come_back(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writing, "_allowances", Buckets(Limit(rate=1, burst=10)))
    lines = b"\n".join(b"m value=%d" % number for number in range(10))

    first = await post(WRITE, token, lines)
    second = await post(WRITE, token, lines)

    assert (first.status, second.status) == (204, 429)
    assert 1 <= int(second.headers["retry-after"]) <= 10


async def test_who_owes_for_what_was_sent_is_refused_before_anything_is_read(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writing, "_allowances", Buckets(Limit(rate=0.001, burst=1)))
    monkeypatch.setattr(logging_in, "_allowances", Buckets(Limit(rate=0.001, burst=1)))
    await post(WRITE, token, b"m value=1")
    await post(LOGS, token, b"one line")

    def never(*arguments: object, **named: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(bodies, "read", never)

    assert [(await post(url, token, b"x")).status for url in (WRITE, JSON, LOGS)] == [429] * 3


# --- How large it may be ----------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request may hold ten numbers, or ten lines of logs."""
    monkeypatch.setattr(writing, "MOST_NUMBERS", 10)
    monkeypatch.setattr(logging_in, "MOST_LINES", 10)


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (WRITE, b"\n" * 11),
        (WRITE, b"m " + b",".join(b"f%d=1" % field for field in range(11))),
        (JSON, b'{"name": "m", "value": 1}\n' * 11),
        (JSON, b"[" + b",".join([b'{"name": "m", "value": 1}'] * 11) + b"]"),
        (JSON, b"[" + b"0," * 50 + b"0]"),
        (LOGS, b"\n" * 11),
    ],
)
async def test_a_request_with_too_much_in_it_is_refused_as_a_whole(
    token: str, few: None, url: str, body: bytes
):
    answer = await post(url, token, body)

    assert answer.status == 413
    assert "Send less at once" in answer.json["error"]["detail"]
    assert not await in_database(Series.objects.filter(source__isnull=False).exists)
    assert not await in_database(LogBatch.objects.exists)


@pytest.mark.parametrize(("url", "body"), [(WRITE, b"m value=1\n"), (LOGS, b"a line\n")])
async def test_as_much_as_it_may_hold_is_taken(token: str, few: None, url: str, body: bytes):
    assert (await post(url, token, body * 10)).status == 204


async def test_what_is_too_much_costs_as_what_is_taken(
    token: str, few: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writing, "_allowances", Buckets(Limit(rate=0.001, burst=12)))
    body = b"m " + b",".join(b"f%d=1" % field for field in range(11))

    answers = [(await post(WRITE, token, body)).status for _ in range(3)]

    assert answers == [413, 429, 429]


async def test_of_much_nonsense_the_first_lines_are_told_and_no_more_is_kept(token: str):
    faults = Faults()
    faults.add([Fault(number, Reason.SYNTAX, "no field") for number in range(1, 400)])
    faults.add([Fault(number, Reason.VALUE, "no value") for number in range(400, 1_001)])
    assert (len(faults), len(faults.first)) == (1_000, 20)

    answer = await post(WRITE, token, b"nonsense\n" * 1_000 + b"m value=1")

    assert (answer.status, answer.json["stored"], answer.json["refused"]) == (400, 1, 1_000)
    assert [one["line"] for one in answer.json["error"]["lines"]] == list(range(1, 21))
    assert answer.json["error"]["detail"].endswith(", and 999 more")


async def test_a_gzip_of_very_many_parts_is_refused(token: str):
    parts = gzip.compress(b"m value=1\n")
    headers = {"content_encoding": "gzip"}

    some = await post(WRITE, token, parts * 3, **headers)
    many = await post(WRITE, token, gzip.compress(b"") * 2_000, **headers)

    assert (some.status, many.status) == (204, 400)
    assert "parts" in many.json["error"]["detail"]


async def test_annotations_have_a_limit_of_rate_and_of_number(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(annotating, "_allowances", Buckets(Limit(rate=0.001, burst=4)))
    monkeypatch.setattr(annotating, "MOST_A_SOURCE", 2)

    answers = [
        await post("/api/v1/annotations", token, f"Version {number}".encode())
        for number in range(5)
    ]

    assert [answer.status for answer in answers] == [201] * 4 + [429]
    titles = await in_database(lambda: [one.title for one in Annotation.objects.order_by("pk")])
    assert titles == ["Version 2", "Version 3"]


async def test_a_token_may_not_ask_all_the_time(token: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(requests, "_requests", Buckets(Limit(rate=0.1, burst=2)))

    answers = [await post(WRITE, token, b"m value=1") for _ in range(3)]

    assert [answer.status for answer in answers] == [204, 204, 429]


async def test_who_guesses_tokens_is_made_to_wait_and_others_of_the_address_are_not(token: str):
    guesses = [await post(WRITE, f"sbx_{number}", b"m value=1") for number in range(31)]

    assert [answer.status for answer in guesses] == [401] * 30 + [429]
    assert (await post(WRITE, token, b"m value=1")).status == 204


async def test_a_body_may_come_in_parts(token: str):
    answer = await post(WRITE, token, b"first val", b"ue=1\nsecond v", b"alue=2")

    assert answer.status == 204
    names = await in_database(lambda: set(Series.objects.values_list("name", flat=True)))
    assert {"first", "second"} <= names


async def test_of_who_leaves_before_the_end_nothing_is_kept(token: str):
    assert (await post(WRITE, token)).status == 0
    assert not await in_database(Series.objects.filter(source__isnull=False).exists)


async def test_a_body_that_says_how_large_it_is_need_not_be_read(token: str):
    answer = await post(WRITE, token, b"", content_length=str(10**9))

    assert answer.status == 413


async def test_what_is_asked_elsewhere_is_answered_elsewhere(token: str):
    assert (await post("/api/v1/ingest/other", token, b"")).status == 404
    assert (await post("/writer", token, b"")).status == 404


async def test_a_fault_is_told_without_what_it_was(token: str, monkeypatch: pytest.MonkeyPatch):
    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(bodies, "read", broken)

    answer = await post(WRITE, token, b"m value=1")

    assert (answer.status, answer.json["error"]["code"]) == (500, "internal")
    assert b"secret" not in answer.body
