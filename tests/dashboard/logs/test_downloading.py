"""Lines as a file: as many as it may hold, sent part by part."""

from typing import Any

import pytest
from django.test import AsyncClient

from dashboard.logs import search, views
from dashboard.models import Audience, IngestSource
from realtime_project.accounts.models import User
from realtime_project.live.bucket import Buckets
from tests.cast import make_person
from tests.dashboard.logs.writing import keep, line

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_has_downloaded_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_downloads", Buckets(views.DOWNLOADS))


@pytest.fixture
def staff(transactional_db: None) -> User:
    return make_person("carol", is_staff=True)


@pytest.fixture
def web1(transactional_db: None) -> IngestSource:
    source = IngestSource.objects.create(slug="web1", title="web1", audience=Audience.EVERYBODY)
    keep("for everybody", source=source)
    return source


async def parts(person: User, **query: str) -> list[str]:
    """Return the parts in which a file comes."""
    browser = AsyncClient()
    await browser.aforce_login(person)
    answer = await browser.get("/boards/logs/download", query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="log.txt"'
    sent: Any = answer
    return [part.decode() async for part in sent.streaming_content if part]


@pytest.fixture
def three(staff: User) -> None:
    keep("begins", line("it failed", level="error"))
    keep("goes on")
    keep(line("it failed again", level="error"))


@pytest.mark.usefixtures("three")
async def test_lines_are_downloaded_as_text(staff: User):
    assert await parts(staff, level="error") == [
        "2026-09-21T14:13:20.000+00:00 ERROR    app web@0 tests: it failed\n"
        "2026-09-21T14:13:20.000+00:00 ERROR    app web@0 tests: it failed again\n"
    ]


@pytest.mark.usefixtures("three")
async def test_a_long_file_comes_in_parts_and_in_its_order(
    staff: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(search, "BATCHES_AT_ONCE", 1)

    told = await parts(staff)

    assert [part.count("\n") for part in told] == [2, 1, 1]
    assert "begins" in told[0]
    assert "again" in told[2]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("limit", ["MOST_IN_A_FILE", "MOST_BYTES_IN_A_FILE"])
async def test_what_is_too_much_for_a_file_is_left_out_and_said(
    staff: User, monkeypatch: pytest.MonkeyPatch, limit: str
):
    monkeypatch.setattr(views, limit, 2)

    told = "".join(await parts(staff))

    assert told.startswith("Older lines are not in this file.\n")
    assert "again" in told
    assert "begins" not in told


@pytest.mark.usefixtures("three")
async def test_others_download_what_they_may_see(web1: IngestSource, mallory: User):
    assert await parts(mallory) == [
        "2026-09-21T14:13:20.000+00:00 INFO     web1 web@0 tests: for everybody\n"
    ]
