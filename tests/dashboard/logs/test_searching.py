"""Older lines are found by what they say, by those who may see them, in bounded time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from dashboard.logs import retention, search, views
from dashboard.models import Audience, IngestSource, Log, LogBatch
from realtime_project.accounts.models import User
from realtime_project.live.bucket import Buckets, Limit
from tests.cast import make_person
from tests.dashboard.logs.writing import NOW, keep, line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_searched_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_searches", Buckets(views.SEARCHES))
    monkeypatch.setattr(views, "_downloads", Buckets(views.DOWNLOADS))


@pytest.fixture
def staff(client: Client) -> User:
    staff = make_person("carol", is_staff=True)
    client.force_login(staff)
    return staff


@pytest.fixture
def web1(db: None) -> IngestSource:
    return IngestSource.objects.create(slug="web1", title="web1", audience=Audience.EVERYBODY)


def ask(client: Client, **query: Any) -> Any:
    answer = client.get("/boards/logs/lines", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def texts(client: Client, **query: Any) -> list[str]:
    return [line["text"] for line in ask(client, **query)["lines"]]


def test_the_newest_come_first_and_the_rest_is_asked_for(client: Client, staff: User):
    for number in range(5):
        keep(f"line {number}")

    page = ask(client, limit=2)
    older = ask(client, limit=9, before=page["before"])

    assert [one["text"] for one in page["lines"]] == ["line 3", "line 4"]
    assert [one["text"] for one in older["lines"]] == ["line 0", "line 1", "line 2"]
    assert older["before"] is None


def test_what_followed_is_found_page_by_page_up_to_the_newest(client: Client, staff: User):
    for number in range(5):
        keep(f"line {number}", f"other {number}")

    page = ask(client, after=1, limit=2, text="line")
    newer = ask(client, after=page["after"], limit=9, text="line")

    assert [one["text"] for one in page["lines"]] == ["line 1", "line 2"]
    assert [one["text"] for one in newer["lines"]] == ["line 3", "line 4"]
    assert (page["more"], newer["more"], newer["after"], newer["rev"]) == (True, False, None, 5)
    assert ask(client, after=5)["lines"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"level": "warning"}, ["it is Slow", "it failed: 500"]),
        ({"level": "error"}, ["it failed: 500"]),
        ({"source": "web1"}, ["from web1"]),
        ({"source": "app", "level": "debug"}, ["begins", "it is Slow", "it failed: 500"]),
        ({"source": "nobody"}, []),
        ({"text": "IS SLOW"}, ["it is Slow"]),
        ({"regex": r"failed: [45]\d\d$"}, ["it failed: 500"]),
        ({"regex": "^FROM"}, ["from web1"]),
        ({"text": "it", "regex": "slow", "level": "info"}, ["it is Slow"]),
        ({"from": int(NOW) + 1}, ["it failed: 500"]),
        ({"to": int(NOW) + 1}, ["begins", "it is Slow", "from web1"]),
    ],
)
def test_lines_are_found_by_what_they_say(
    client: Client, staff: User, web1: IngestSource, query: dict[str, Any], found: list[str]
):
    keep("begins", line("it is Slow", level="warning"))
    keep("from web1", source=web1)
    keep(line("it failed: 500", level="error", at=NOW + 5))

    assert sorted(texts(client, **query)) == sorted(found)


@pytest.mark.parametrize(
    "query",
    [{"regex": "("}, {"regex": "(a{1000}){1000}"}, {"regex": r"(a)\1"}, {"regex": "x" * 501},
     {"level": "loud"}, {"before": "x"}, {"limit": "-1"}, {"from": "1e5"}],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(client: Client, staff: User, query: dict[str, str]):
    answer = client.get("/boards/logs/lines", query)

    assert answer.status_code == 422
    assert answer.json()["error"]["detail"]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*)*x", "(a?){30}a{30}$"])
def test_a_hostile_pattern_finds_nothing_and_holds_nobody_up(
    client: Client, staff: User, pattern: str
):
    # With Python's own engine the first of them takes longer than the universe is old.
    keep(*[line("a" * 8_000 + "b") for _ in range(50)])

    assert texts(client, regex=pattern) == []


def test_a_search_that_takes_too_long_says_how_far_it_came(
    client: Client, staff: User, monkeypatch: pytest.MonkeyPatch
):
    for number in range(4):
        keep(f"line {number}")
    monkeypatch.setattr(search, "SECONDS", -1)

    page = ask(client, text="line 0")
    assert (page["lines"], page["partial"], page["before"]) == ([], True, 4)

    for _ in range(3):
        page = ask(client, text="line 0", before=page["before"])

    assert [one["text"] for one in page["lines"]] == ["line 0"]


def test_the_lines_beside_one_are_found(client: Client, staff: User, web1: IngestSource):
    for number in range(6):
        keep(*[line(f"{number}.{part}", at=NOW + number + part / 10) for part in range(3)])
    keep("of web1", source=web1)

    answer = client.get("/boards/logs/lines", {"around": "3", "at": str(NOW + 2.1), "limit": "5"})

    assert [one["text"] for one in answer.json()["lines"]] == ["1.2", "2.0", "2.1", "2.2", "3.0"]
    assert answer.json()["lines"][2]["rev"] == 3
    refused = client.get("/boards/logs/lines", {"around": "3", "at": "noon"})
    assert refused.status_code == 422


def test_a_page_says_where_the_topic_goes_on(client: Client, staff: User):
    keep("one")
    keep("two")

    page = ask(client, text="one")

    assert (page["rev"], page["more"]) == (2, False)
    assert page["lines"][0]["rev"] == 1


def test_others_find_the_lines_of_what_they_may_see(
    client: Client, mallory: User, web1: IngestSource
):
    hidden = IngestSource.objects.create(slug="hidden", title="hidden")
    keep("ours")
    keep("for everybody", source=web1)
    keep("for staff", source=hidden)
    client.force_login(mallory)

    assert texts(client) == ["for everybody"]
    assert texts(client, source="hidden") == []


def test_nobody_finds_anything(client: Client):
    for name in ("lines", "download"):
        assert client.get(f"/boards/logs/{name}").status_code == 401


def test_who_searches_all_the_time_is_told_when_to_come_back(
    client: Client, staff: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(views, "_searches", Buckets(Limit(rate=0.001, burst=2)))
    monkeypatch.setattr(views, "_downloads", Buckets(Limit(rate=0.1, burst=0)))

    answers = [client.get("/boards/logs/lines") for _ in range(3)]
    download = client.get("/boards/logs/download")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 1_000
    assert download.status_code == 429


def test_a_page_holds_so_much_text_and_no_more(
    client: Client, staff: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(search, "MOST_BYTES", 10_000)
    for number in range(4):
        keep(f"{number} {'x' * 6_000}")

    page = ask(client)

    assert [one["text"][0] for one in page["lines"]] == ["2", "3"]
    assert (page["more"], page["partial"]) == (True, False)


# --- How long they are kept -------------------------------------------------------------------


def test_lines_that_are_too_old_go_and_the_others_stay(settings: Any):
    settings.LOG_DAYS = 7
    now = datetime.fromtimestamp(NOW, UTC)
    keep(line("old", at=NOW - 8 * 86_400))
    keep(line("young", at=NOW - 6 * 86_400))
    keep(line("says that it is old", at=NOW - 9 * 86_400))

    retention.trim(now)

    assert list(LogBatch.objects.values_list("rev", flat=True)) == [2, 3]
    # Who has seen no more than the first is told to load the state.
    assert Log.current().floor == 1


def test_the_oldest_go_where_there_are_too_many(settings: Any, web1: IngestSource):
    settings.LOG_MEGABYTES = 0
    keep("one", source=web1)
    keep("two")

    while retention.trim(datetime.fromtimestamp(NOW, UTC) + timedelta(days=1)):
        pass

    assert not LogBatch.objects.exists()
    web1.refresh_from_db()
    assert (Log.current().floor, web1.floor) == (2, 1)


def test_nothing_goes_without_need():
    keep("one")

    assert not retention.trim(datetime.fromtimestamp(NOW, UTC))
    assert LogBatch.objects.count() == 1
