"""How somebody is called and pictured, wherever they are shown."""

from typing import Any

import pytest
from django.db import transaction

from chat import queries, services
from chat.models import Role, Room
from chat.protocol import MemberRow
from realtime_project.accounts.models import User
from realtime_project.accounts.services import save_profile
from realtime_project.live.database import in_database
from tests.cast import make_room
from tests.sockets import Socket, connected

PICTURE = "0a1b2c3d4e5f60718293"
PROFILE: dict[str, Any] = {
    "display_name": "Bob",
    "avatar_color": 4,
    "time_zone": "",
    "theme": "auto",
}


@pytest.fixture
def bob(bob: User) -> User:
    save_profile(person=bob, **PROFILE)
    return bob


async def save(person: User, **profile: object) -> None:
    await in_database(lambda: save_profile(person=person, **(PROFILE | profile)))


async def members_told(socket: Socket) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await socket.until(
        lambda: socket.rows("member") or None, "nobody was told of"
    )
    return rows


def revs() -> dict[str, int]:
    return dict(Room.objects.values_list("name", "rev"))


async def test_a_new_name_and_colour_reach_every_open_page_of_ones_rooms(alice, bob, room):
    async with connected(alice) as hers, connected(bob) as his:
        for socket in (hers, his):
            await socket.subscribe(**{room: None})

        await save(bob, display_name="Robert", avatar_color=7)

        for socket in (hers, his):
            assert [row["person"] for row in await members_told(socket)] == [
                {
                    "id": bob.pk,
                    "username": "bob",
                    "name": "Robert",
                    "color": 7,
                    "picture": None,
                    "bot": False,
                }
            ]


async def test_a_page_that_was_away_is_told_when_it_comes_back(alice, bob, releases, room):
    before = (await in_database(revs))["releases"]
    await save(bob, display_name="Robert")

    async with connected(alice) as hers:
        await hers.subscribe(**{room: before})
        await hers.settle()

    assert [row["person"]["name"] for row in hers.rows("member")] == ["Robert"]


async def test_a_picture_comes_with_what_is_said_and_with_every_list_of_people(
    alice, bob, mallory, releases, room
):
    bob.picture = f"{PICTURE}.webp"
    await in_database(bob.save)
    theirs = await in_database(make_room, mallory, name="theirs")

    async with connected(alice) as hers, connected(bob) as his:
        await hers.subscribe(**{"me": None, room: None})
        await his.subscribe(**{room: None})
        await his.post(room, "with my face")
        said = await hers.hears_message("with my face")
        card = await hers.ask("person.card", "me", person=bob.pk)
    state = await in_database(queries.room_state, alice.pk, releases.pk)
    found = await in_database(queries.people_to_add, mallory.pk, theirs.pk, "bob")

    members = {row.person.id: row.person for row in state.rows if isinstance(row, MemberRow)}
    assert said["author"]["picture"] == PICTURE
    assert card["person"]["picture"] == PICTURE
    assert (members[bob.pk].picture, members[alice.pk].picture) == (PICTURE, None)
    assert [one.picture for one in found.people] == [PICTURE]


@pytest.mark.parametrize("profile", [{}, {"theme": "dark", "time_zone": "Asia/Kathmandu"}])
async def test_what_others_do_not_see_is_told_to_nobody(bob, releases, profile):
    before = await in_database(revs)

    await save(bob, **profile)

    assert await in_database(revs) == before


async def test_rooms_in_which_one_is_not_are_told_nothing(alice, bob, mallory, releases):
    theirs = await in_database(make_room, mallory, bob, name="theirs")
    await in_database(services.leave_room, person=bob.pk, room=theirs.pk)
    before = await in_database(revs)

    await save(bob, display_name="Robert")

    after = await in_database(revs)
    assert {name for name in after if after[name] != before[name]} == {"releases", "general"}


async def test_what_is_not_stored_is_not_told(alice, bob, room):
    def undone() -> None:
        with transaction.atomic():
            save_profile(person=bob, **(PROFILE | {"display_name": "Robert"}))
            transaction.set_rollback(True)

    async with connected(alice) as hers:
        await hers.subscribe(**{room: None})
        await in_database(undone)

        await hers.post(room, "alice 1")
        await hers.hears_message("alice 1")

    assert hers.rows("member") == []


async def test_what_somebody_may_do_in_a_room_is_told_with_it(alice, bob, releases, room):
    await in_database(
        services.set_role, person=alice.pk, room=releases.pk, member=bob.pk, role=Role.MODERATOR
    )

    async with connected(alice) as hers:
        await hers.subscribe(**{room: None})
        await save(bob, display_name="Robert")
        [row] = await members_told(hers)

    assert (row["person"]["name"], row["role"]) == ("Robert", "moderator")
