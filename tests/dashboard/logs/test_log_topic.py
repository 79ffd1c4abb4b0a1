"""Lines come to those who may see them, without a hole, and to nobody else."""

import logging

import pytest

from chat import services
from chat.models import Room
from dashboard.ingest.audiences import end_access, viewers
from dashboard.logs import own
from dashboard.logs.handler import LogViewHandler
from dashboard.models import Audience, IngestSource, Log
from realtime_project.accounts.models import User
from realtime_project.live.database import in_database
from tests.cast import make_person, make_room
from tests.dashboard.logs.writing import keep
from tests.sockets import Socket, connected

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people_database(transactional_db: None) -> None:
    """Pages ask in threads of their own."""


@pytest.fixture
def staff(people_database: None) -> User:
    return make_person("carol", is_staff=True)


@pytest.fixture
def releases(alice: User, bob: User) -> Room:
    return make_room(alice, bob)


@pytest.fixture
def web1(releases: Room) -> IngestSource:
    """A source that the room of Alice and Bob sees."""
    source = IngestSource.objects.create(slug="web1", title="web1", audience=Audience.ROOMS)
    source.rooms.add(releases)
    return source


def texts(socket: Socket) -> list[str]:
    return [line["text"] for row in socket.rows("lines") for line in row["lines"]]


async def shows(socket: Socket, *expected: str) -> None:
    await socket.until(lambda: texts(socket) == list(expected) or None, f"not {expected}")


def topic_of(source: IngestSource) -> dict[str, int | None]:
    return {f"log_{source.slug}": 0}


async def test_staff_see_all_lines_as_they_come(staff, web1):
    async with connected(staff) as theirs:
        await theirs.subscribe(log=0)

        await in_database(keep, "one of ours")
        await in_database(keep, "one of web1", source=web1)

        await shows(theirs, "one of ours", "one of web1")
        assert [row["lines"][0]["source"] for row in theirs.rows("lines")] == ["app", "web1"]


async def test_who_may_see_a_source_sees_its_lines_and_no_others(alice, web1):
    async with connected(alice) as hers:
        answer = await hers.subscribe(log=0, **topic_of(web1))

        await in_database(keep, "one of ours")
        await in_database(keep, "one of web1", source=web1)

        await shows(hers, "one of web1")
        assert answer["log"]["error"]["code"] == "not_found"


async def test_mallory_sees_no_line(mallory, web1):
    async with connected(mallory) as theirs:
        answer = await theirs.subscribe(log=0, **topic_of(web1))

    assert {one["error"]["code"] for one in answer.values()} == {"not_found"}


async def test_who_comes_back_is_told_what_they_missed(staff):
    await in_database(keep, "first")
    await in_database(keep, "second", "third")
    async with connected(staff) as theirs:
        await theirs.subscribe(log=1)

        await shows(theirs, "second", "third")


async def test_who_leaves_the_room_hears_no_more_of_its_source(alice, bob, web1, releases):
    async with connected(bob) as his, connected(alice) as hers:
        await his.subscribe(**topic_of(web1))
        await hers.subscribe(**topic_of(web1))

        await in_database(services.leave_room, person=bob.pk, room=releases.pk)
        await his.hears(topic=f"log:{web1.slug}", event="left")
        await in_database(keep, "after that", source=web1)

        await shows(hers, "after that")
        await his.settle()
        assert texts(his) == []


async def test_a_source_that_is_shown_to_staff_again_ends_what_others_see(bob, web1):
    async with connected(bob) as his:
        await his.subscribe(**topic_of(web1))

        def close() -> None:
            before = viewers(web1)
            web1.audience = Audience.STAFF
            web1.save()
            end_access(web1, before - viewers(web1))

        await in_database(close)
        await his.hears(topic=f"log:{web1.slug}", event="left")
        await in_database(keep, "after that", source=web1)

        await his.settle()
        assert texts(his) == []


async def test_staff_who_are_no_staff_any_more_are_put_out(staff):
    async with connected(staff) as theirs:
        await theirs.subscribe(log=0)

        def demote() -> None:
            staff.is_staff = False
            staff.save()

        await in_database(demote)

        assert await theirs.is_closed() == 4401


async def test_what_this_process_logs_is_seen_without_its_secrets(staff):
    logger = logging.getLogger("tests.here")
    handler = LogViewHandler()
    logger.addHandler(handler)
    await in_database(own.keep, "elsewhere")
    async with connected(staff) as theirs:
        await theirs.subscribe(log=(await in_database(Log.current)).rev)

        logger.warning("Signed in with password=%s", "correct horse")
        await in_database(own.keep, "web@0")

        await theirs.until(lambda: texts(theirs) or None, "no line")
    logger.removeHandler(handler)
    assert any("password=[redacted]" in text for text in texts(theirs))
    assert not any("correct" in text for text in texts(theirs))


async def test_the_first_page_holds_the_newest_lines(staff, alice, web1, async_client):
    for number in range(15):
        await in_database(keep, f"line {number}", source=web1)
    await async_client.aforce_login(staff)

    state = (await async_client.get("/live/state", {"topic": "log"})).json()

    assert [row["lines"][0]["text"] for row in state["rows"]] == [
        f"line {number}" for number in range(3, 15)
    ]
    assert (state["rev"], state["extra"]) == (15, {"before": 4})
    await async_client.aforce_login(alice)
    own = (await async_client.get("/live/state", {"topic": f"log:{web1.slug}"})).json()
    assert [row["rev"] for row in own["rows"]] == list(range(4, 16))
    refused = await async_client.get("/live/state", {"topic": "log"})
    assert refused.status_code == 404


async def test_a_line_has_one_number_wherever_it_is_seen(staff, alice, web1):
    async with connected(staff) as theirs, connected(alice) as hers:
        await theirs.subscribe(log=0)
        await hers.subscribe(**topic_of(web1))

        await in_database(keep, "ours")
        await in_database(keep, "first", source=web1)
        await in_database(keep, "ours again")
        await in_database(keep, "second", source=web1)

        await shows(theirs, "ours", "first", "ours again", "second")
        await shows(hers, "first", "second")
        assert [row["rev"] for row in theirs.rows("lines")] == [1, 2, 3, 4]
        assert [row["rev"] for row in hers.rows("lines")] == [2, 4]


async def test_who_comes_back_to_a_source_is_told_what_they_missed(alice, web1):
    for text in ("first", "second", "third"):
        await in_database(keep, f"ours before the {text}")
        await in_database(keep, text, source=web1)
    async with connected(alice) as hers:
        await hers.subscribe(log_web1=2)

        await shows(hers, "second", "third")
