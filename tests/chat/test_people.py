"""Who is here, as pages see it."""

import pytest

from chat import services
from chat.models import Room
from realtime_project.live import people
from realtime_project.live.database import in_database
from tests.sockets import Socket, connected

TOPICS = {"me": None, "people": None}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(people, "TICK_SECONDS", 0.02)


def seen_by(socket: Socket) -> dict[str, str]:
    shown: dict[str, str] = {}
    for frame in socket.frames:
        if frame.get("topic") == "people":
            shown = dict(frame["state"]) if "state" in frame else shown | frame["change"]
    return {person: status for person, status in shown.items() if status}


async def sees(socket: Socket, **expected: str) -> None:
    people = {number.lstrip("_"): status for number, status in expected.items()}
    await socket.until(lambda: seen_by(socket) == people or None, f"never {people}")


async def test_people_of_a_room_see_each_other_come_and_idle(alice, bob, room):
    both = {f"_{one.pk}": "online" for one in (alice, bob)}
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics=TOPICS)
        await sees(hers, **{f"_{alice.pk}": "online"})
        async with connected(bob) as his:
            await his.ask("subscribe", topics=TOPICS)
            await sees(hers, **both)
            await sees(his, **both)

            assert await his.ask("presence.set", "people", away=True) is None

            await sees(hers, **(both | {f"_{bob.pk}": "away"}))


async def test_who_shares_no_room_sees_nobody_and_is_seen_by_nobody(alice, mallory, room):
    general = await in_database(Room.objects.get, name="general")
    await in_database(services.leave_room, person=mallory.pk, room=general.pk)
    alone = await in_database(services.create_room, person=mallory.pk, name="alone")
    async with connected(alice) as hers, connected(mallory) as theirs:
        await theirs.ask("subscribe", topics=TOPICS)
        await hers.ask("subscribe", topics=TOPICS)
        await sees(theirs, **{f"_{mallory.pk}": "online"})
        await sees(hers, **{f"_{alice.pk}": "online"})

        await in_database(services.join_room, person=alice.pk, room=alone.pk)

        await sees(theirs, **{f"_{alice.pk}": "online", f"_{mallory.pk}": "online"})
