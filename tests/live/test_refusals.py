"""Bad input gets a clear error, and the socket stays open."""

import json

import pytest

from chat.consumers import RoomConsumer
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.database import in_database
from realtime_project.live.protocol import MAX_FRAME_BYTES
from realtime_project.live.worker import worker
from tests.cast import make_person, make_room
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(alice):
    return make_room(alice).key


async def is_alive(socket, room: str) -> bool:
    return "id" in await socket.post(room, "still here")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "{",
        "[]",
        "null",
        "42",
        '"text"',
        '{"do": 5}',
        '{"do": "subscribe", "id": "one"}',
        '{"do": "subscribe", "id": -1}',
        '{"do": "subscribe", "id": 1.5}',
        '{"do": "subscribe", "nonsense": true}',
        '{"do": "' + "x" * 51 + '"}',
        '{"do": "subscribe", "topics": ' + "[" * 20_000 + "]" * 20_000 + "}",
        '{"do": "\\ud800"}',
        '{"id": 1e999}',
    ],
    ids=lambda text: text[:40] or "nothing",
)
async def test_what_is_not_a_frame_is_a_bad_request(alice, room, text: str):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        hers.send_text(text)

        refused = await hers.hears(re=None)
        assert refused["error"]["code"] == "bad_request"
        assert await is_alive(hers, room)


async def test_a_binary_frame_is_a_bad_request(alice, room):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        hers.send_bytes(b'{"do": "subscribe"}')

        assert (await hers.hears(re=None))["error"]["code"] == "bad_request"
        assert await is_alive(hers, room)


AN_ID = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    "args",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"client_id": AN_ID}, id="no text"),
        pytest.param({"client_id": "not a uuid", "text": "x"}, id="an id that is none"),
        pytest.param({"client_id": AN_ID, "text": 5}, id="a number for a text"),
        pytest.param({"client_id": AN_ID, "text": ""}, id="an empty text"),
        pytest.param({"client_id": AN_ID, "text": "a\x00b"}, id="NUL"),
        pytest.param({"client_id": AN_ID, "text": "x" * 10_001}, id="10,001 characters"),
        pytest.param({"client_id": AN_ID, "text": "x", "room": 9}, id="a field too many"),
    ],
)
async def test_a_command_with_wrong_arguments_is_a_bad_request(alice, room, args):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        answer = await hers.ask("message.post", room, **args)

        assert answer["error"]["code"] == "bad_request"
        assert hers.messages() == []
        assert await is_alive(hers, room)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"do": "message.explode", "topic": "ROOM"}, "unknown"),
        ({"do": "message.post"}, "unknown"),
        ({"do": "message.post", "topic": "me"}, "not_found"),
        ({"do": "message.post", "topic": "room:999999"}, "not_found"),
        ({"do": "subscribe"}, "bad_request"),
        ({"do": "subscribe", "topics": {}}, "bad_request"),
        ({"do": "subscribe", "topics": {"me": -1}}, "bad_request"),
        ({"do": "subscribe", "topics": {"me": "0"}}, "bad_request"),
        ({"do": "unsubscribe", "topics": "me"}, "bad_request"),
    ],
    ids=str,
)
async def test_what_cannot_be_done_is_said(alice, room, frame, code: str):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})
        if frame.get("topic") == "ROOM":
            frame = frame | {"topic": room}

        hers.send({"id": 77, **frame})

        assert (await hers.hears(re=77))["error"]["code"] == code
        assert await is_alive(hers, room)


@pytest.mark.parametrize(
    "topic", ["rooms", "room:", "room:0", "room:abc", "room:7:8", "Me", "boards:x"]
)
async def test_an_unknown_topic_is_said_to_be_unknown(alice, topic: str):
    async with connected(alice) as hers:
        answer = await hers.ask("subscribe", topics={topic: None, "me": None})

        assert answer[topic]["error"]["code"] == "unknown"
        assert "rev" in answer["me"]


async def test_a_strangers_room_looks_like_one_that_is_not_there(alice, room):
    mallory = await in_database(make_person, "mallory")
    async with connected(mallory) as theirs, connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})
        answer = await theirs.ask("subscribe", topics={room: 0, "room:999999": 0})
        posted = await theirs.post(room, "Hello?")
        await hers.post(room, "among friends")
        await theirs.settle()

        assert answer[room] == answer["room:999999"]
        assert answer[room]["error"]["code"] == posted["error"]["code"] == "not_found"
        assert "friends" not in str(theirs.frames)


async def test_a_socket_shows_eight_rooms_at_most(alice):
    rooms = [(await in_database(make_room, alice, name=f"room {n}")).key for n in range(9)]
    async with connected(alice) as hers:
        answer = await hers.ask("subscribe", topics=dict.fromkeys(rooms))

        refused = [name for name, result in answer.items() if "error" in result]
        assert refused == rooms[8:]
        assert answer[rooms[8]]["error"]["code"] == "too_large"


async def test_who_posts_too_fast_is_told_when_to_try_again(alice, room, monkeypatch):
    post = RoomConsumer.commands["message.post"]
    monkeypatch.setattr(post, "_buckets", Buckets(Limit(rate=0.01, burst=2)))
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        answers = [await hers.post(room, f"spam {number}") for number in range(3)]

        assert ["ok" if "id" in answer else answer["error"]["code"] for answer in answers] == [
            *("ok", "ok", "too_fast")
        ]
        assert 0 < answers[2]["error"]["retry_after"] <= 100


async def test_who_goes_on_sending_nonsense_is_closed(alice):
    async with connected(alice) as hers:
        for _ in range(60):
            hers.send_text("nonsense")

        assert await hers.is_closed() == 4429
        goodbye = await hers.hears(event="goodbye")
        assert goodbye["data"]["code"] == 4429


async def test_a_fault_of_ours_is_told_with_a_reference_and_the_socket_stays(
    alice, room, monkeypatch, caplog
):
    from chat import services

    def explode(**_: object) -> None:
        raise ZeroDivisionError

    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})
        monkeypatch.setattr(services, "mark_read", explode)

        answer = await hers.ask("room.read", room, seq=1)

        assert answer["error"]["code"] == "internal"
        [record] = [record for record in caplog.records if record.exc_info]
        assert answer["error"]["detail"].split()[-1].strip(").") in record.getMessage()
        assert await is_alive(hers, room)


async def test_asking_for_rooms_that_are_not_there_leaves_nothing_behind_and_is_counted(alice):
    async with connected(alice) as hers:
        before = len(worker.hub._feeds)
        for number in range(4):
            await hers.ask(
                "subscribe", topics={f"room:{10_000 + number * 8 + n}": 0 for n in range(8)}
            )

        assert len(worker.hub._feeds) == before
        for _ in range(60):
            hers.send({"id": 1, "do": "subscribe", "topics": {"room:99999": 0}})
        assert await hers.is_closed() == 4429


async def test_an_answer_about_many_unknown_topics_fits_into_a_frame(alice):
    async with connected(alice) as hers:
        names = [f"{number:x<64}" for number in range(512)]

        answer = await hers.ask("subscribe", topics=dict.fromkeys(names))

        assert len(json.dumps(answer, separators=(",", ":"))) < MAX_FRAME_BYTES
        assert {result["error"]["code"] for result in answer.values()} == {"unknown"}
