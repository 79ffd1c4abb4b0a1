"""The rail: rooms that are not open show what is unread in them."""

from chat import services
from chat.models import Membership
from realtime_project.live import heads
from realtime_project.live.database import in_database
from tests.cast import make_room
from tests.sockets import connected


def unread(socket, room: int) -> int:
    """What the page computes: posts since the read marker."""
    [marker] = [row for row in socket.rows("membership") if row["room"] == room][-1:]
    head: int = socket.heads(room)[-1]["number"]
    return max(0, head - int(marker["read_number"]))


async def test_a_room_that_is_not_open_shows_up_by_its_head(alice, bob, releases, room):
    async with connected(alice) as hers, connected(bob) as his:
        await his.ask("subscribe", topics={"me": 0})
        await hers.ask("subscribe", topics={room: None})
        assert unread(his, releases.pk) == 0

        await hers.post(room, "Anybody there?")

        await his.until(lambda: unread(his, releases.pk) or None, "no unread count")
        assert unread(his, releases.pk) == 1
        assert his.messages() == []


async def test_a_burst_is_told_at_most_once_a_second_and_the_last_one_counts(
    alice, bob, releases, room, monkeypatch
):
    monkeypatch.setattr(heads, "INTERVAL_SECONDS", 1.5)
    async with connected(alice) as hers, connected(bob) as his:
        await his.ask("subscribe", topics={"me": 0})
        await hers.ask("subscribe", topics={room: None})
        at_first = len(his.heads(releases.pk))

        for number in range(10):
            await hers.post(room, f"message {number}")

        await his.until(lambda: unread(his, releases.pk) == 10 or None, "not ten unread")
        assert len(his.heads(releases.pk)) - at_first < 10


async def test_ones_own_post_is_read(alice, releases, room):
    async with connected(alice) as hers, connected(alice) as her_phone:
        await her_phone.ask("subscribe", topics={"me": 0})
        await hers.ask("subscribe", topics={room: None})

        posted = await hers.post(room, "Mine")

        await her_phone.until(
            lambda: her_phone.rows("membership")[-1]["read_seq"] == posted["seq"] or None,
            "the marker stays",
        )
        assert unread(her_phone, releases.pk) == 0


async def test_reading_moves_the_marker_on_all_of_a_persons_pages(alice, bob, releases, room):
    async with connected(alice) as hers, connected(bob) as his, connected(bob) as his_phone:
        await his_phone.ask("subscribe", topics={"me": 0})
        await hers.ask("subscribe", topics={room: None})
        await his.ask("subscribe", topics={room: None})
        posted = await hers.post(room, "Read this")

        assert await his.ask("room.read", room, seq=posted["seq"]) == {"read_seq": posted["seq"]}

        await his_phone.until(
            lambda: his_phone.rows("membership")[-1]["read_seq"] == posted["seq"] or None,
            "the marker stays",
        )


async def test_a_read_marker_never_goes_back(alice, bob, room):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})
        first = await hers.post(room, "one")
        last = await hers.post(room, "two")

        answer = await hers.ask("room.read", room, seq=first["seq"])

        assert answer == {"read_seq": last["seq"]}


async def test_joining_a_room_puts_it_into_the_rail_and_its_heads_follow(alice, bob):
    late = await in_database(make_room, alice, name="late")
    async with connected(alice) as hers, connected(bob) as his:
        await his.ask("subscribe", topics={"me": None})
        await hers.ask("subscribe", topics={late.key: None})

        await in_database(services.join_room, person=bob.pk, room=late.pk)
        await his.until(lambda: his.rows("membership") or None, "no membership")
        await hers.post(late.key, "Welcome")

        await his.until(lambda: his.heads(late.pk) or None, "no head")
        assert his.rows("membership")[-1]["active"] is True


async def test_who_left_a_room_hears_nothing_of_it_any_more(alice, bob, releases, room):
    async with connected(alice) as hers, connected(bob) as his:
        await his.ask("subscribe", topics={"me": 0, room: None})
        await hers.ask("subscribe", topics={room: None})

        await in_database(services.leave_room, person=bob.pk, room=releases.pk)
        await his.hears(topic=room, event="left")
        heard = len(his.frames)
        await hers.post(room, "He is gone")
        await his.settle()

        told = [frame for frame in his.frames[heard:] if "re" not in frame]
        assert [row["active"] for frame in told for row in frame.get("rows", ())] in ([], [False])
        assert his.heads(releases.pk)[-1]["number"] == 0
        assert (await his.post(room, "Not quite"))["error"]["code"] == "not_found"


async def test_who_comes_back_is_the_same_member_with_nothing_unread(alice, bob, releases, room):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})
        await in_database(services.leave_room, person=bob.pk, room=releases.pk)
        await hers.post(room, "Meanwhile")

        await in_database(services.join_room, person=bob.pk, room=releases.pk)

        member = await in_database(Membership.objects.get, person=bob, room=releases)
        assert member.is_active
        assert member.read_number == 1
