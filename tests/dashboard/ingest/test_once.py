"""Lines of a request are kept all or not at all, and once however often it is sent."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from dashboard.ingest import forgetting, logging_in, once, requests
from dashboard.logs import storing
from dashboard.logs.lines import unpack
from dashboard.models import IngestSource, KeptRequest, Log, LogBatch
from realtime_project.accounts.models import User
from realtime_project.live.bucket import Buckets
from realtime_project.live.database import in_database
from tests.dashboard.ingest.programs import Heard, post
from tests.dashboard.ingest.sending import token_of
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)

LOGS = "/api/v1/ingest/logs"
MANY = b"".join(b"line %d\n" % number for number in range(4_500))


@pytest.fixture(autouse=True)
def nobody_has_sent_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "_requests", Buckets(requests.REQUESTS))
    monkeypatch.setattr(logging_in, "_allowances", Buckets(logging_in.LINES))


async def send(token: str, body: bytes, key: str = "", url: str = LOGS) -> Heard:
    headers = {"idempotency_key": key} if key else {}
    return await post(url, token, body, **headers)


async def kept() -> list[str]:
    def read() -> list[str]:
        bodies = LogBatch.objects.order_by("rev").values_list("body", flat=True)
        return [line.text for body in bodies for line in unpack(bytes(body))]

    return await in_database(read)


def fails_after(monkeypatch: pytest.MonkeyPatch, pieces: int) -> None:
    """Have the database go away when so many pieces of a request are written."""
    keep = storing._keep
    done: list[int] = []

    def cut_off(*arguments: Any) -> None:
        if len(done) == pieces:
            raise OperationalError("the database is away")
        keep(*arguments)
        done.append(1)

    monkeypatch.setattr(storing, "_keep", cut_off)


async def test_a_request_that_fails_half_way_leaves_nothing_behind(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    fails_after(monkeypatch, 2)

    answer = await send(token, MANY)

    assert (answer.status, await kept()) == (503, [])
    assert (await in_database(Log.current)).rev == 0
    monkeypatch.undo()
    assert (await send(token, MANY)).status == 204
    assert await kept() == MANY.decode().splitlines()


async def test_nobody_is_told_of_lines_that_were_not_kept(
    token: str, staff: User, monkeypatch: pytest.MonkeyPatch
):
    async with connected(staff) as theirs:
        await theirs.subscribe(log=0)
        fails_after(monkeypatch, 2)
        await send(token, MANY)
        monkeypatch.undo()

        await send(token, b"after that")

        def texts() -> list[str]:
            return [line["text"] for row in theirs.rows("lines") for line in row["lines"]]

        await theirs.until(lambda: texts() == ["after that"] or None, "other lines")


async def test_what_one_request_brings_is_told_in_several_pieces(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    sizes: list[int] = []
    keep = storing._keep

    def counted(made: Any, *rest: Any) -> None:
        sizes.append(len(made))
        keep(made, *rest)

    monkeypatch.setattr(storing, "_keep", counted)

    assert (await send(token, MANY)).status == 204
    assert sizes == [10, 10, 3]


async def test_one_that_fails_takes_no_other_along(token: str, monkeypatch: pytest.MonkeyPatch):
    """Several wait while the first is written; what is wrong with one is wrong with that one."""
    is_writing, gate = threading.Event(), threading.Event()
    keep = once.keep

    def held(sent: Any, **named: Any) -> Any:
        is_writing.set()
        assert gate.wait(60)
        if any(line.text == "bad" for one in sent for line in one.lines):
            raise OperationalError("no")
        return keep(sent, **named)

    monkeypatch.setattr(once, "keep", held)
    monkeypatch.setattr(logging_in, "LINES_AT_ONCE", 2)
    first = asyncio.ensure_future(send(token, b"first"))
    assert await asyncio.to_thread(is_writing.wait, 60)
    others = [asyncio.ensure_future(send(token, body)) for body in (b"good", b"bad", b"late")]
    await asyncio.sleep(0)
    gate.set()
    answers = await asyncio.gather(first, *others)

    assert [one.status for one in answers] == [204, 204, 503, 204]
    assert sorted(await kept()) == ["first", "good", "late"]


async def test_the_same_request_again_is_answered_and_not_kept_again(token: str):
    first = await send(token, b"one\n\n{two", key="deploy-7")
    again = await send(token, b"one\n\n{two", key="deploy-7")

    assert (first.status, again.status) == (204, 204)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await kept() == ["one", "{two"]


async def test_it_is_kept_once_however_many_times_it_is_sent_at_once(token: str):
    answers = await asyncio.gather(*[send(token, b"one\ntwo", key="a") for _ in range(20)])

    assert {one.status for one in answers} == {204}
    assert sum("idempotent-replayed" in one.headers for one in answers) == 19
    assert await kept() == ["one", "two"]


async def test_whoever_comes_with_the_key_at_another_worker_meanwhile_keeps_it_once(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    [source] = await in_database(lambda: list(IngestSource.objects.values_list("pk", flat=True)))
    known = once._known
    asked: list[int] = []

    def elsewhere(sent: Any, source: int) -> Any:
        found = known(sent, source)
        if not asked:
            asked.append(1)
            once.keep(sent, source=source)
        return found

    monkeypatch.setattr(once, "_known", elsewhere)

    answer = await send(token, b"one", key="a")

    assert answer.headers["idempotent-replayed"] == "true"
    assert await kept() == ["one"]
    assert await in_database(KeptRequest.objects.filter(source=source).count) == 1


async def test_what_failed_keeps_no_key(token: str, monkeypatch: pytest.MonkeyPatch):
    fails_after(monkeypatch, 1)
    assert (await send(token, MANY, key="a")).status == 503
    monkeypatch.undo()

    answer = await send(token, MANY, key="a")

    assert (answer.status, "idempotent-replayed" in answer.headers) == (204, False)


@pytest.mark.parametrize(
    ("body", "url"), [(b"two", LOGS), (b"one", f"{LOGS}?level=error")], ids=["lines", "options"]
)
async def test_a_key_belongs_to_what_was_sent_with_it(token: str, body: bytes, url: str):
    await send(token, b"one", key="a")

    answer = await send(token, body, key="a", url=url)

    assert answer.status == 422
    assert "Idempotency-Key" in answer.json["error"]["detail"]
    assert await kept() == ["one"]


async def test_each_source_has_keys_of_its_own(token: str, staff: User):
    other = await in_database(token_of, staff, "web2")
    await send(token, b"one", key="a")

    answer = await send(other, b"two", key="a")

    assert answer.status == 204
    assert await kept() == ["one", "two"]


async def test_bad_lines_are_told_again(token: str):
    body = b'{"text": "good"}\nnonsense'
    headers = {"content_type": "application/json", "idempotency_key": "a"}

    answers = [await post(LOGS, token, body, **headers) for _ in range(2)]

    assert [one.status for one in answers] == [400, 400]
    assert [one.json["error"]["lines"][0]["line"] for one in answers] == [2, 2]
    assert await kept() == ["good"]


async def test_a_key_has_a_length(token: str):
    assert (await send(token, b"one", key="x" * 256)).status == 400
    assert (await send(token, b"one", key="x" * 255)).status == 204


async def test_keys_are_forgotten_after_a_day_and_where_they_are_too_many(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(forgetting, "MOST_A_SOURCE", 3)
    for number in range(5):
        await send(token, b"one", key=str(number))

    def forget(after: timedelta) -> list[str]:
        while forgetting.forget_old(timezone.now() + after):
            pass
        return list(KeptRequest.objects.order_by("pk").values_list("key", flat=True))

    assert await in_database(forget, timedelta()) == ["2", "3", "4"]
    assert await in_database(forget, timedelta(days=1, seconds=1)) == []
