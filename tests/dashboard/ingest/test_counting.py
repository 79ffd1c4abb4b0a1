"""Numbers that are sent again are counted once; those that are new each time, each time."""

import asyncio
import gzip
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.ingest import counted, counting, forgetting, requests, storing, writing
from dashboard.ingest.counting import Sent
from dashboard.ingest.recognising import Mark
from dashboard.ingest.senders import make_source_token
from dashboard.models import CountedRequest, IngestSource, Series, StoredReport
from dashboard.storage.codec import decode_report, point_of
from dashboard.storage.points import single
from dashboard.storage.reports import Report, store
from realtime_project.accounts.models import User
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.database import in_database
from tests.dashboard.ingest.programs import Heard, post

pytestmark = pytest.mark.django_db(transaction=True)

WRITE = "/api/v1/ingest/write"
JSON = "/api/v1/ingest/json"
AT = int(time.time()) - 3_600
ONE = f"a,host=x value=1 {AT}000000001\nb value=2 {AT}000000002\n"
TWO = f"a,host=x value=4 {AT + 10}000000001\nb value=8 {AT + 10}000000002\n"


@pytest.fixture(autouse=True)
def nobody_has_sent_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    plenty = Limit(rate=1e6, burst=10**6)
    monkeypatch.setattr(requests, "_requests", Buckets(plenty))
    monkeypatch.setattr(writing, "_allowances", Buckets(plenty))
    monkeypatch.setattr(storing, "SECONDS_BETWEEN", 0.0)
    storing.storing.cache_clear()
    yield
    storing.storing.cache_clear()


async def send(token: str, text: str, key: str = "", url: str = WRITE) -> Heard:
    headers = {"idempotency_key": key} if key else {}
    return await post(url, token, text.encode(), **headers)


async def sums() -> dict[str, tuple[int, float]]:
    """Of each series, how many numbers are counted and what they are together."""
    return await in_database(_sums)


def _sums() -> dict[str, tuple[int, float]]:
    names = dict(Series.objects.values_list("pk", "name"))
    found = dict.fromkeys(names.values(), (0, 0.0))
    for body in StoredReport.objects.order_by("rev").values_list("body", flat=True):
        for second, told in decode_report(bytes(body)).items():
            for pk, measured in told.items():
                point, (count, total) = point_of(second, measured), found[names[pk]]
                found[names[pk]] = count + point.count, total + point.sum
    return found


def is_replayed(answer: Heard) -> bool:
    return answer.headers.get("idempotent-replayed") == "true"


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Have the database go away, while it is set, after the numbers are written."""
    away = threading.Event()

    def stored_in_vain(batches: Sequence[Report]) -> None:
        store(batches)
        if away.is_set():
            raise OperationalError("the database is away")

    monkeypatch.setattr(counting, "store", stored_in_vain)
    return away


async def test_the_same_batch_again_is_answered_and_counted_once(token: str):
    before = counted.points.n, counted.repeated.n

    answers = [await send(token, ONE) for _ in range(3)]

    assert [one.status for one in answers] == [204] * 3
    assert [is_replayed(one) for one in answers] == [False, True, True]
    assert await sums() == {"a": (1, 1), "b": (1, 2)}
    assert (counted.points.n - before[0], counted.repeated.n - before[1]) == (2, 4)


async def test_another_worker_knows_it_too(token: str):
    await send(token, ONE)
    # Whatever this process holds in memory.
    storing.storing.cache_clear()

    answer = await send(token, ONE)

    assert is_replayed(answer)
    assert await sums() == {"a": (1, 1), "b": (1, 2)}


async def test_one_line_is_known_again_as_well_as_many(token: str):
    answers = [await send(token, f"a value=1 {AT}000000001") for _ in range(2)]

    assert [is_replayed(one) for one in answers] == [False, True]
    assert await sums() == {"a": (1, 1)}


@pytest.mark.parametrize("text", [ONE, f"a value=1 {AT}000000001"], ids=["lines", "line"])
async def test_it_is_counted_once_however_many_times_it_comes_at_once(token: str, text: str):
    answers = await asyncio.gather(*[send(token, text) for _ in range(20)])

    assert {one.status for one in answers} == {204}
    assert sum(is_replayed(one) for one in answers) == 19
    assert (await sums())["a"] == (1, 1)


async def test_it_is_counted_once_where_four_workers_have_it_at_the_same_moment(token: str):
    [source] = await in_database(lambda: list(IngestSource.objects.values_list("pk", flat=True)))
    await send(token, ONE)
    [series] = await in_database(lambda: list(Series.objects.filter(name="a")))
    mark = Mark("k", 2, "f")
    sent = [Sent({(AT, series.pk): single(1, AT)}, source, mark)]

    # Each in a thread of its own, with a connection of its own.
    outcomes = await asyncio.gather(
        *[in_database(counting.keep, sent, origin=f"ingest@web{number}") for number in range(4)]
    )

    assert sorted(outcomes) == [[False], [True], [True], [True]]
    assert (await sums())["a"] == (2, 2)


async def test_what_was_added_behind_a_batch_is_all_that_is_counted_of_it(token: str):
    """As Telegraf sends it: what was not answered, and what came meanwhile."""
    third = f"c value=16 {AT + 20}000000001\n"

    answers = [await send(token, text) for text in (ONE, ONE + TWO, ONE + TWO + third)]

    assert [(one.status, is_replayed(one)) for one in answers] == [(204, False)] * 3
    assert await sums() == {"a": (2, 5), "b": (2, 10), "c": (1, 16)}
    assert is_replayed(await send(token, ONE + TWO + third))


@pytest.mark.parametrize("size", [1, 399, 400, 401, 1_000])
async def test_it_does_not_matter_how_many_lines_were_there_before(token: str, size: int):
    lines = [f"a value=1 {AT}{number:09}" for number in range(1_200)]

    await send(token, "\n".join(lines[:size]))
    answer = await send(token, "\r\n".join(lines) if size == 1 else "\n".join(lines))

    assert answer.status == 204
    # Lines that end otherwise are others; but for the first, by which it is found.
    assert await sums() == {"a": (1_200 + (size == 1), 1_200 + (size == 1))}


async def test_how_it_is_packed_makes_no_difference(token: str):
    await send(token, ONE)

    answer = await post(WRITE, token, gzip.compress(ONE.encode()), content_encoding="gzip")

    assert is_replayed(answer)


async def test_what_has_no_time_of_its_own_is_counted_each_time(token: str):
    """Another tick of a counter says the same as the one before."""
    for text in ("a value=1", f"{ONE}a value=1"):
        answers = [await send(token, text) for _ in range(2)]
        assert [is_replayed(one) for one in answers] == [False, False]

    assert await sums() == {"a": (6, 6), "b": (2, 4)}


async def test_a_key_makes_that_once_too(token: str):
    answers = [await send(token, "a value=1", key="run-7") for _ in range(2)]

    assert [is_replayed(one) for one in answers] == [False, True]
    assert await sums() == {"a": (1, 1)}


async def test_keys_of_their_own_have_the_same_numbers_counted_each_time(token: str):
    for key in ("one", "two", "one"):
        await send(token, ONE, key=key)

    assert await sums() == {"a": (2, 2), "b": (2, 4)}


@pytest.mark.parametrize(
    ("text", "url"), [(TWO, WRITE), (ONE, f"{WRITE}?kind=counter")], ids=["numbers", "options"]
)
async def test_a_key_belongs_to_what_was_sent_with_it(token: str, text: str, url: str):
    await send(token, ONE, key="a")

    answer = await send(token, text, key="a", url=url)

    assert answer.status == 422
    assert "Idempotency-Key" in answer.json["error"]["detail"]
    assert await sums() == {"a": (1, 1), "b": (1, 2)}


async def test_a_key_has_a_length(token: str):
    assert (await send(token, ONE, key="x" * 256)).status == 400


async def test_another_token_sends_numbers_of_its_own(token: str, staff: User):
    source = await in_database(IngestSource.objects.get, slug="web1")
    other = await in_database(make_source_token, by=staff, source=source, name="web2")

    for one in (token, other):
        assert not is_replayed(await send(one, ONE))

    assert await sums() == {"a": (2, 2), "b": (2, 4)}


async def test_numbers_of_another_precision_are_others(token: str):
    text = f"a value=1 {AT}"
    await send(token, text, url=f"{WRITE}?precision=s")

    answer = await send(token, text, url=f"{WRITE}?precision=s&kind=counter")

    assert not is_replayed(answer)


async def test_bad_lines_are_told_again_and_the_good_ones_counted_once(token: str):
    text = f"{ONE}nonsense\nc value=1 {AT}000000003\n"

    first, again = [await send(token, text) for _ in range(2)]

    assert (first.status, first.body) == (again.status, again.body)
    assert [line["line"] for line in again.json["error"]["lines"]] == [3]
    assert again.json["stored"] == 3
    assert is_replayed(again)
    assert await sums() == {"a": (1, 1), "b": (1, 2), "c": (1, 1)}


async def test_bad_lines_of_what_was_counted_before_keep_their_numbers(token: str):
    text = f"{ONE}nonsense\n"
    await send(token, text)

    answer = await send(token, f"{text}{TWO}more\n")

    assert [line["line"] for line in answer.json["error"]["lines"]] == [3, 6]
    assert await sums() == {"a": (2, 5), "b": (2, 10)}


async def test_series_without_room_are_told_again(token: str, settings: Any):
    settings.MAX_SERIES_PER_SOURCE = 1

    answers = [await send(token, text) for text in (ONE, ONE, ONE + TWO)]
    alone = [await send(token, f"z value=1 {AT}000000001") for _ in range(2)]

    assert [one.status for one in answers] == [422] * 3
    assert {one.json["message"] for one in answers} == {"No room for more series: b"}
    assert [is_replayed(one) for one in answers] == [False, True, False]
    # Where nothing is counted, nothing is remembered: there may be room by then.
    assert [(one.status, is_replayed(one)) for one in alone] == [(422, False)] * 2
    assert await sums() == {"a": (2, 5)}


async def test_what_failed_is_not_remembered(token: str, fails: threading.Event):
    fails.set()
    assert (await send(token, ONE)).status == 503
    assert (await send(token, ONE, key="a")).status == 503
    fails.clear()

    assert not is_replayed(await send(token, ONE))
    assert await sums() == {"a": (1, 1), "b": (1, 2)}


async def test_who_begins_alike_while_that_is_stored_is_told_to_come_again(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    """Telegraf waits for five seconds, and then sends more: the first may still be on its way."""
    is_storing, gate = threading.Event(), threading.Event()

    def held(batches: Sequence[Report]) -> None:
        is_storing.set()
        assert gate.wait(60)
        store(batches)

    monkeypatch.setattr(counting, "store", held)
    first = asyncio.ensure_future(send(token, ONE))
    assert await asyncio.to_thread(is_storing.wait, 60)
    is_read = asyncio.Event()
    add = storing.Storing.add

    async def added(self: storing.Storing, sent: Sent) -> bool:
        is_read.set()
        return await add(self, sent)

    monkeypatch.setattr(storing.Storing, "add", added)
    more = asyncio.ensure_future(send(token, ONE + TWO))
    await asyncio.wait_for(is_read.wait(), 60)
    gate.set()
    answers = await asyncio.gather(first, more)

    assert [one.status for one in answers] == [204, 503]
    assert answers[1].headers["retry-after"] == "1"
    assert await sums() == {"a": (1, 1), "b": (1, 2)}
    assert (await send(token, ONE + TWO)).status == 204
    assert await sums() == {"a": (2, 5), "b": (2, 10)}


async def test_json_is_counted_once_too(token: str):
    one = f'{{"name": "a", "value": 1, "at": {AT}}}'
    two = f'{{"name": "b", "value": 2, "at": {AT}}}'
    bodies = [f"[{one}]", f"[{one}]", f"[{one}, {two}]", f"{one}\n{two}\n"]
    bodies += ['{"name": "c", "value": 1}'] * 2

    answers = [await send(token, text, url=JSON) for text in bodies]

    assert [is_replayed(one) for one in answers] == [False, True, False, True, False, False]
    assert await sums() == {"a": (1, 1), "b": (1, 2), "c": (2, 2)}


async def test_of_what_begins_alike_the_last_is_known(token: str):
    first = ONE.splitlines()[0]
    for number in range(2, 5):
        await send(token, f"{first}\nb value={number} {AT}000000002")

    answers = [await send(token, f"{first}\nb value={number} {AT}000000002") for number in (4, 2)]

    assert [is_replayed(one) for one in answers] == [True, False]


async def test_what_is_known_is_forgotten_after_a_day_and_where_it_is_too_much(
    token: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(forgetting, "MOST_A_SOURCE", 2)
    for number in range(4):
        await send(token, f"a value=1 {AT + number}000000000")
        await send(token, "a value=1", key=str(number))

    def forget(days: int) -> list[int]:
        now = timezone.now() + days * (forgetting.KEPT + forgetting.KEPT / 100)
        while forgetting.forget_old(now):
            pass
        return sorted(CountedRequest.objects.values_list("lines", flat=True))

    assert await in_database(forget, 0) == [0, 0, 1, 1]
    assert is_replayed(await send(token, f"a value=1 {AT + 3}000000000"))
    assert await in_database(forget, 1) == []


# --- Any story of a sender that does not give up ---------------------------------------------


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all stories: what a process begins once belongs to it."""
    with asyncio.Runner() as one:
        yield one


HAPPENS = st.sampled_from(["measures", "is answered", "answer is lost", "fails", "comes twice"])
_names = (f"story{number}" for number in itertools.count())


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(HAPPENS, max_size=12), most=st.integers(1, 5))
def test_whatever_befalls_a_sender_that_keeps_what_was_not_answered_each_number_is_counted_once(
    token: str, fails: threading.Event, runner: asyncio.Runner, story: list[str], most: int
):
    """It sends the oldest lines that it has, as Telegraf does, and lets go of them when that was
    answered: what it sends again has other lines behind it, up to as many as it sends at once."""
    name, measured = next(_names), 0
    waiting: list[str] = []

    async def deliver(befalls: str) -> None:
        batch = waiting[:most]
        if not batch:
            return
        (fails.set if befalls == "fails" else fails.clear)()
        copies = 2 if befalls == "comes twice" else 1
        answers = await asyncio.gather(*[send(token, "\n".join(batch)) for _ in range(copies)])
        assert {one.status for one in answers} == {503 if befalls == "fails" else 204}
        if befalls in ("is answered", "comes twice"):
            del waiting[:most]

    async def play() -> None:
        nonlocal measured
        for befalls in story:
            if befalls == "measures":
                measured += 1
                waiting.append(f"{name} value=1 {AT}{measured:09}")
            else:
                await deliver(befalls)
        while waiting:
            await deliver("is answered")

    runner.run(play())

    assert _sums().get(name, (0, 0)) == (measured, measured)
