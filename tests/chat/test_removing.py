"""Somebody is put out of a room, and hears nothing of it any more."""

import pytest

from chat import services
from chat.models import Membership, Role, Room
from realtime_project.live.database import in_database
from realtime_project.live.models import Receipt
from realtime_project.live.worker import worker
from tests.cast import make_person
from tests.sockets import connected


@pytest.fixture
def carol(releases: Room):
    person = make_person("carol")
    services.join_room(person=person.pk, room=releases.pk)
    return person


def make_moderator(person, room: Room) -> None:
    Membership.objects.filter(person=person, room=room).update(role=Role.MODERATOR)


async def test_who_is_removed_hears_nothing_more_in_any_tab(alice, bob, room):
    async with connected(alice) as hers, connected(bob) as his, connected(bob) as his_phone:
        for socket in (hers, his, his_phone):
            await socket.ask("subscribe", topics={"me": None, room: None})

        answer = await hers.ask("member.remove", room, member=bob.pk)

        assert answer["rev"] > 0
        for socket in (his, his_phone):
            left = await socket.hears(topic=room, event="left")
            assert left["data"] == {"code": "removed"}
        await hers.post(room, "Now he is gone")
        await hers.hears_message("Now he is gone")
        for socket in (his, his_phone):
            await socket.settle()
            assert "Now he is gone" not in str(socket.frames)
            refused = await socket.ask("message.post", room, client_id="0" * 32, text="hm")
            assert refused["error"]["code"] == "not_found"


async def test_the_worker_gives_a_receipt(alice, bob, room):
    async with connected(alice) as hers, connected(bob) as his, connected(bob) as his_phone:
        for socket in (hers, his, his_phone):
            await socket.ask("subscribe", topics={room: None})

        answer = await hers.ask("member.remove", room, member=bob.pk)

        assert answer["rev"] > 0
        await his.hears(topic=room, event="left")
        assert worker._receipts._writing is not None
        await worker._receipts._writing
        receipt = await in_database(Receipt.objects.get)
        assert (receipt.worker, receipt.sockets) == (worker.name, 2)


async def test_who_comes_back_is_not_put_out_by_what_is_told_late(alice, bob, releases, room):
    async with connected(bob) as his:
        await his.ask("subscribe", topics={room: None})
        removed = await in_database(
            services.remove_member, person=alice.pk, room=releases.pk, member=bob.pk
        )
        await his.hears(topic=room, event="left")
        await in_database(services.join_room, person=bob.pk, room=releases.pk)
        await his.ask("subscribe", topics={room: None})

        assert worker.hub.end_topic(bob.pk, room, removed.rev, "removed") == 0

        await his.post(room, "Here again")
        await his.hears_message("Here again")


@pytest.mark.parametrize(
    ("actor", "member", "code"),
    [
        ("carol", "bob", "forbidden"),
        ("bob", "alice", "forbidden"),
        ("bob", "bob", "forbidden"),
        ("alice", "mallory", "not_found"),
    ],
)
async def test_who_may_not_is_refused(
    alice, bob, carol, mallory, releases, room, actor, member, code
):
    people = {"alice": alice, "bob": bob, "carol": carol, "mallory": mallory}
    await in_database(make_moderator, bob, releases)
    async with connected(people[actor]) as socket:
        await socket.ask("subscribe", topics={room: None})

        refused = await socket.ask("member.remove", room, member=people[member].pk)

        assert refused["error"]["code"] == code


async def test_a_moderator_removes_a_member(alice, bob, carol, releases, room):
    await in_database(make_moderator, bob, releases)
    async with connected(bob) as his, connected(carol) as theirs:
        await his.ask("subscribe", topics={room: None})
        await theirs.ask("subscribe", topics={room: None})

        await his.ask("member.remove", room, member=carol.pk)

        await theirs.hears(topic=room, event="left")
