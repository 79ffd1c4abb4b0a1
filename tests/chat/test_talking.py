"""Two people talk in a room."""

import pytest

from chat.models import Message
from realtime_project.live.database import in_database
from tests.cast import make_room
from tests.sockets import connected


async def test_what_alice_posts_reaches_bob_and_herself(alice, bob, room):
    async with connected(alice) as hers, connected(bob) as his:
        await hers.ask("subscribe", topics={room: None})
        await his.ask("subscribe", topics={room: None})

        posted = await hers.post(room, "It is **out**.")

        for socket in (hers, his):
            row = await socket.hears_message("<strong>out</strong>")
            assert (row["id"], row["seq"]) == (posted["id"], posted["seq"])
            assert row["author"]["name"] == "Alice"


async def test_a_retried_post_is_stored_and_told_once(alice, bob, room):
    client_id = "11111111-1111-4111-8111-111111111111"
    async with connected(alice) as hers, connected(bob) as his:
        await his.ask("subscribe", topics={room: None})
        await hers.ask("subscribe", topics={room: None})

        first = await hers.post(room, "Once", client_id)
        again = await hers.post(room, "Once", client_id)

        assert first == again
        await his.hears_message("Once")
        await his.settle()
        assert len(his.messages()) == 1
        assert await in_database(Message.objects.count) == 1


async def test_an_id_used_in_another_room_is_a_conflict(alice, bob, room):
    other = f"room:{(await in_database(make_room, alice, name='other')).pk}"
    client_id = "22222222-2222-4222-8222-222222222222"
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None, other: None})
        await hers.post(room, "Here", client_id)

        answer = await hers.post(other, "There", client_id)

        assert answer["error"]["code"] == "conflict"


async def test_an_edit_replaces_the_text_everywhere(alice, bob, room):
    async with connected(alice) as hers, connected(bob) as his:
        await his.ask("subscribe", topics={room: None})
        await hers.ask("subscribe", topics={room: None})
        posted = await hers.post(room, "Tomorow")

        await hers.ask("message.edit", room, message=posted["id"], text="Tomorrow")

        row = await his.hears_message("Tomorrow")
        assert row["seq"] == posted["seq"]
        assert row["edited"]
        source = await hers.ask("message.source", room, message=posted["id"])
        assert source == {"text": "Tomorrow"}


async def test_a_deleted_message_leaves_a_tombstone_without_text(alice, bob, room):
    async with connected(alice) as hers, connected(bob) as his:
        await his.ask("subscribe", topics={room: None})
        await hers.ask("subscribe", topics={room: None})
        posted = await hers.post(room, "the secret is hunter2")

        await hers.ask("message.delete", room, message=posted["id"])
        await his.settle()

        assert [row["deleted"] for row in his.messages()] == [False, True]
        assert his.messages()[-1]["html"] == ""
        stored = await in_database(Message.objects.get, pk=posted["id"])
        assert (stored.text, stored.html) == ("", "")


async def test_nobody_changes_the_messages_of_others(alice, bob, room):
    async with connected(alice) as hers, connected(bob) as his:
        await hers.ask("subscribe", topics={room: None})
        await his.ask("subscribe", topics={room: None})
        posted = await hers.post(room, "Mine")

        edited = await his.ask("message.edit", room, message=posted["id"], text="Yours")
        deleted = await his.ask("message.delete", room, message=posted["id"])
        read = await his.ask("message.source", room, message=posted["id"])

        assert edited["error"]["code"] == deleted["error"]["code"] == "forbidden"
        assert read["error"]["code"] == "not_found"
        assert (await in_database(Message.objects.get, pk=posted["id"])).text == "Mine"


async def test_an_edit_after_the_deletion_is_refused(alice, bob, room):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})
        posted = await hers.post(room, "Gone")
        await hers.ask("message.delete", room, message=posted["id"])

        answer = await hers.ask("message.edit", room, message=posted["id"], text="Back")

        assert answer["error"]["code"] == "invalid"


@pytest.mark.parametrize("text", ["   \n ", "\u0007"])
async def test_a_message_without_text_is_refused(alice, room, text: str):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        answer = await hers.post(room, text)

        assert answer["error"]["code"] == "invalid"


async def test_typing_is_told_to_the_others_and_never_stored(alice, bob, room):
    async with connected(alice) as hers, connected(bob) as his:
        await his.ask("subscribe", topics={room: None})
        await hers.ask("subscribe", topics={room: None})

        hers.send({"do": "typing", "topic": room})

        event = await his.hears(event="typing")
        assert event["data"] == {"person": alice.pk, "name": "Alice"}
        assert "rev" not in event
