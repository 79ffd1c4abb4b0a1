"""What is told is what was committed."""

from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from chat import services
from chat.models import Message, Personal, Room
from realtime_project.live.database import in_database
from realtime_project.live.streams import Step, advance
from realtime_project.live.worker import worker
from tests.cast import make_room
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(alice):
    return make_room(alice)


def say(alice, room, text: str) -> Message:
    return services.post_message(person=alice.pk, room=room.pk, client_id=uuid4(), text=text)


def say_and_fail(alice, room) -> None:
    with transaction.atomic():
        say(alice, room, "never said")
        raise ZeroDivisionError


async def test_what_is_rolled_back_is_never_told_and_takes_no_rev(alice, room):
    async with connected(alice) as hers:
        rev = (await hers.ask("subscribe", topics={room.key: None}))[room.key]["rev"]

        with pytest.raises(ZeroDivisionError):
            await in_database(say_and_fail, alice, room)
        await in_database(say, alice, room, "said")

        row = await hers.hears_message("said")
        assert row["rev"] == rev + 1
        assert "never said" not in str(hers.frames)


async def test_any_thread_may_publish(alice, room):
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room.key: None})

        def run() -> None:
            say(alice, room, "from a thread")
            connection.close()

        thread = Thread(target=run)
        thread.start()

        await hers.hears_message("from a thread")
        await in_database(thread.join)


async def test_a_fault_in_telling_does_not_fail_what_is_stored(alice, room, monkeypatch):
    await worker.start()
    monkeypatch.setattr(worker.hub, "announce", lambda _: 1 / 0)

    message = await in_database(say, alice, room, "stored all the same")

    assert await in_database(Message.objects.filter(pk=message.pk).exists)


def test_without_sockets_in_the_process_nothing_is_done(alice, room):
    assert say(alice, room, "quietly").pk


def test_a_stream_moves_only_within_the_transaction_that_changes_its_rows(room):
    with pytest.raises(RuntimeError, match="transaction"):
        advance(Step(room))


def test_a_stream_that_is_moved_is_read_whole_where_that_is_asked_for(alice, room):
    Room.objects.filter(pk=room.pk).update(name="new name")
    another = Room(pk=room.pk, name="unsaved")

    with transaction.atomic():
        advance(Step(room, reads_all=True))
        advance(Step(another))

    assert room.name == "new name"
    assert another.name == "unsaved"
    assert another.rev == room.rev + 1


def test_when_one_of_several_streams_is_gone_none_is_moved(alice, room):
    with pytest.raises(Room.DoesNotExist), transaction.atomic():
        advance(Step(Room(pk=room.pk)), Step(Room(pk=0)))

    assert Room.objects.get(pk=room.pk).rev == room.rev


def test_saving_a_copy_that_is_old_does_not_set_the_counters_back(alice, room):
    say(alice, room, "one")

    room.topic = "New"
    room.save()

    room.refresh_from_db()
    assert (room.topic, room.rev, room.number) == ("New", 2, 1)


def test_many_at_once_get_one_rev_each_and_none_is_left_out(alice, room):
    def run() -> None:
        for _ in range(5):
            say(alice, room, "x")
        connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    said = Message.objects.filter(room=room).order_by("seq")
    assert [message.number for message in said] == list(range(1, 21))
    assert [message.seq for message in said] == list(range(2, 22))


def test_two_transactions_never_wait_for_each_other_in_a_circle(alice, room):
    """Each locks a room and a person's stream, given in opposite orders."""
    failures: list[Exception] = []

    def run(*streams) -> None:
        try:
            for _ in range(20):
                with transaction.atomic():
                    advance(*(Step(type(stream)(pk=stream.pk)) for stream in streams))
        except Exception as error:  # noqa: BLE001 (told below)
            failures.append(error)
        connection.close()

    own = Personal.objects.get(pk=alice.pk)
    threads = [Thread(target=run, args=order) for order in ([room, own], [own, room])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    room.refresh_from_db()
    assert room.rev == 41
