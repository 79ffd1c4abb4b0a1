"""What becomes of a room: its name, its people, its end."""

from typing import Any

import pytest

from chat import services
from chat.models import Membership, Personal, Role, Room
from realtime_project.accounts.models import User
from realtime_project.live.database import in_database
from tests.cast import make_person, make_room
from tests.sockets import Socket, connected


@pytest.fixture
def carol(transactional_db: None) -> User:
    return make_person("carol")


async def told(socket: Socket, kind: str, **fields: Any) -> dict[str, Any]:
    """Wait for a row of a kind with these fields."""

    def found() -> dict[str, Any] | None:
        rows = socket.rows(kind)
        return next((row for row in rows if fields.items() <= row.items()), None)

    row: dict[str, Any] = await socket.until(found, f"no {kind} with {fields}")
    return row


async def test_a_new_name_and_topic_reach_everybody(alice, bob, releases, room):
    async with connected(alice) as hers, connected(bob) as his:
        await hers.ask("subscribe", topics={room: None})
        await his.ask("subscribe", topics={"me": None, room: None})

        await hers.ask("room.update", room, name="shipping", topic="What goes out, and when")

        await told(his, "room", name="shipping", topic="What goes out, and when")
        await his.until(
            lambda: his.heads(releases.pk)[-1]["name"] == "shipping" or None, "an old name"
        )


async def test_a_name_that_is_taken_is_refused_in_words(alice, bob, room):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        for name in ("general", "GENERAL", " "):
            refused = await hers.ask("room.update", room, name=name)
            assert refused["error"]["code"] == "invalid"
            assert refused["error"]["detail"]


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("room.update", {"topic": "mine now"}),
        ("room.archive", {"archived": True}),
        ("member.role", {"member": 1, "role": "owner"}),
    ],
)
async def test_who_neither_owns_nor_moderates_may_not(alice, bob, room, verb, args):
    async with connected(bob) as his:
        await his.ask("subscribe", topics={room: None})

        refused = await his.ask(verb, room, **args)

        assert refused["error"]["code"] == "forbidden"


async def test_an_archived_room_can_be_read_and_nothing_is_added(alice, bob, releases, room):
    async with connected(alice) as hers, connected(bob) as his:
        await hers.ask("subscribe", topics={room: None})
        await his.ask("subscribe", topics={"me": None, room: None})
        posted = await his.post(room, "The last word")

        await hers.ask("room.archive", room, archived=True)

        await told(his, "room", archived=True)
        await his.until(lambda: his.heads(releases.pk)[-1]["archived"] or None, "not archived")
        assert (await his.post(room, "One more"))["error"]["code"] == "forbidden"
        edited = await his.ask("message.edit", room, message=posted["id"], text="Another word")
        assert edited["error"]["code"] == "forbidden"
        # What somebody regrets they can still take back.
        assert "rev" in await his.ask("message.delete", room, message=posted["id"])

        await hers.ask("room.archive", room, archived=False)
        assert "rev" in await his.post(room, "Open again")


async def test_nobody_joins_or_is_added_to_an_archived_room(alice, bob, mallory, releases, room):
    await in_database(services.archive_room, person=alice.pk, room=releases.pk, archived=True)
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        refused = await hers.ask("member.add", room, people=[mallory.pk])

        assert refused["error"]["code"] == "invalid"


async def test_a_member_brings_people_into_a_private_room(alice, bob, carol, mallory):
    secret = await in_database(make_room, alice, name="secret", is_private=True)
    async with connected(alice) as hers, connected(bob) as his, connected(mallory) as theirs:
        await hers.ask("subscribe", topics={secret.key: None})
        await his.ask("subscribe", topics={"me": 0})
        await theirs.ask("subscribe", topics={"me": 0})
        assert "error" in (await his.ask("subscribe", topics={secret.key: None}))[secret.key]

        found = await hers.ask("member.find", secret.key, text="bo")
        assert [one["username"] for one in found["people"]] == ["bob"]
        added = await hers.ask("member.add", secret.key, people=[bob.pk, carol.pk, alice.pk, 9**9])

        assert {one["username"] for one in added["people"]} == {"bob", "carol"}
        await told(his, "membership", room=secret.pk, active=True)
        assert "rev" in (await his.ask("subscribe", topics={secret.key: None}))[secret.key]
        await theirs.settle()
        assert not [row for row in theirs.rows("membership") if row["room"] == secret.pk]


async def test_newcomers_share_one_rev_of_the_room(alice, bob, carol, mallory):
    room = await in_database(make_room, alice, name="crew")
    added = await in_database(
        services.add_members, person=alice.pk, room=room.pk, people=[bob.pk, carol.pk]
    )

    assert len({one.rev for one in added}) == 1


async def test_who_is_not_in_a_room_adds_nobody_to_it(alice, bob, mallory):
    room = await in_database(make_room, alice, name="secret", is_private=True)

    with pytest.raises(Membership.DoesNotExist):
        await in_database(
            services.add_members, person=mallory.pk, room=room.pk, people=[mallory.pk]
        )


async def test_an_owner_hands_the_room_over_and_leaves(alice, bob, releases, room):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        await hers.ask("member.role", room, member=bob.pk, role="owner")

        await in_database(services.leave_room, person=alice.pk, room=releases.pk)
        assert (await in_database(Membership.objects.of, bob.pk, releases.pk)).role == Role.OWNER


async def test_the_last_owner_stays_one(alice, bob, room):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        refused = await hers.ask("member.role", room, member=alice.pk, role="member")

        assert refused["error"]["code"] == "invalid"


async def test_an_admin_of_the_installation_manages_rooms_they_are_not_in(alice, releases):
    admin = await in_database(make_person, "root", is_staff=True)

    await in_database(services.archive_room, person=admin.pk, room=releases.pk, archived=True)

    assert (await in_database(Room.objects.get, pk=releases.pk)).is_archived


async def test_favourites_and_the_order_of_rooms_are_the_same_on_every_page(alice, releases):
    general = await in_database(Room.objects.get, name="general")
    async with connected(alice) as hers, connected(alice) as her_phone:
        await hers.ask("subscribe", topics={"me": None})
        await her_phone.ask("subscribe", topics={"me": None})

        await hers.ask("room.favourite", "me", room=releases.pk, favourite=True)
        await hers.ask("rooms.order", "me", rooms=[releases.pk, general.pk])

        await told(her_phone, "membership", room=releases.pk, favourite=True, position=1)
        await told(her_phone, "membership", room=general.pk, position=2)


async def test_a_room_of_others_is_nobodys_favourite(alice, mallory, releases):
    async with connected(mallory) as theirs:
        await theirs.ask("subscribe", topics={"me": None})

        refused = await theirs.ask("room.favourite", "me", room=releases.pk, favourite=True)

        assert refused["error"]["code"] == "not_found"


async def test_all_can_be_marked_read_at_once(alice, bob, releases, room):
    async with connected(bob) as his, connected(alice) as hers:
        await his.ask("subscribe", topics={room: None})
        await hers.ask("subscribe", topics={"me": None})
        posted = [await his.post(room, text) for text in ("one", "two", "three")]

        await hers.ask("rooms.read", "me")

        row = await told(hers, "membership", room=releases.pk, read_number=3)
        assert row["read_seq"] >= posted[-1]["seq"]
        await his.post(room, "four")
        marker = await in_database(Membership.objects.of, alice.pk, releases.pk)
        assert marker.read_number == 3


async def test_a_card_tells_what_people_who_share_a_room_may_know(alice, bob, mallory, releases):
    general = await in_database(Room.objects.get, name="general")
    await in_database(services.leave_room, person=mallory.pk, room=general.pk)
    async with connected(alice) as hers, connected(mallory) as theirs:
        await hers.ask("subscribe", topics={"me": None})
        await theirs.ask("subscribe", topics={"me": None})

        card = await hers.ask("person.card", "me", person=bob.pk)
        assert card["person"]["username"] == "bob"
        assert card["zone"] == "UTC"
        assert card["rooms"] == sorted([general.pk, releases.pk])
        assert "rooms" in await theirs.ask("person.card", "me", person=mallory.pk)

        refused = await theirs.ask("person.card", "me", person=bob.pk)
        assert refused["error"]["code"] == "not_found"


def test_many_people_come_in_with_as_few_queries_as_one(
    alice, releases, django_assert_max_num_queries
):
    people = [make_person(f"person{number}").pk for number in range(20)]
    services.add_members(person=alice.pk, room=releases.pk, people=people[:5])
    services.leave_room(person=people[0], room=releases.pk)

    with django_assert_max_num_queries(16):
        entered = services.add_members(person=alice.pk, room=releases.pk, people=people)

    assert {one.person_id for one in entered} == {people[0], *people[5:]}
    stored = Membership.objects.filter(room=releases, person__in=people)
    assert stored.active().count() == 20
    assert {one.rev for one in stored if one in entered} == {Room.objects.get(pk=releases.pk).rev}
    for one in entered:
        assert one.personal_rev == Personal.objects.get(pk=one.person_id).rev
