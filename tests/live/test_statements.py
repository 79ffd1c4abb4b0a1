"""Queries that are built once: they answer as Django does, however often and by whomever asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from chat.models import Message, Room
from realtime_project.accounts.models import User
from realtime_project.live.inserting import insert
from realtime_project.live.statements import Question
from realtime_project.live.streams import Step, advance
from tests.cast import make_room

pytestmark = pytest.mark.django_db(transaction=True)

MOMENT = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC)


@pytest.fixture
def releases(alice: User, bob: User) -> Room:
    return make_room(alice, bob)


def messages_of(authors, client_ids):
    found = Message.objects.filter(author__in=authors).filter(client_id__in=client_ids)
    return found.order_by("seq").values_list("client_id", "created", "deleted", "room__is_private")


def make_messages(room: Room, *authors: User) -> list[Message]:
    messages = [
        Message(
            room=room,
            author=author,
            client_id=uuid4(),
            seq=100 + place,
            rev=100 + place,
            number=place,
            text=f"100 % of {author}",
            created=MOMENT,
        )
        for place, author in enumerate(authors)
    ]
    insert(messages)
    return messages


def test_a_question_is_answered_as_django_answers_it(alice: User, bob: User, releases: Room):
    said = make_messages(releases, alice, bob, bob)
    asked = [alice.pk, bob.pk], [one.client_id for one in said]

    rows = Question(messages_of).ask(*asked)

    assert rows == list(messages_of(*asked))
    assert rows[0] == (said[0].client_id, MOMENT, None, False)


def test_a_question_is_built_once_and_takes_as_many_values_as_there_are(
    alice: User, bob: User, releases: Room
):
    built: list[object] = []

    def build(*lists):
        built.append(lists)
        return messages_of(*lists)

    question = Question(build)
    said = make_messages(releases, alice, bob, bob)
    ids = [one.client_id for one in said]

    assert [row[0] for row in question.ask([alice.pk], ids)] == ids[:1]
    assert [row[0] for row in question.ask([bob.pk, alice.pk], ids)] == ids
    assert [row[0] for row in question.ask([bob.pk], ids[1:2])] == ids[1:2]
    assert question.ask([bob.pk], ids[:1]) == []
    assert question.ask([], ids) == []
    assert len(built) == 1


def test_values_in_another_order_than_that_of_the_sql_are_refused(alice: User):
    question = Question(lambda client_ids, authors: messages_of(authors, client_ids))

    with pytest.raises(RuntimeError, match="order"):
        question.ask([uuid4()], [alice.pk])


def test_a_question_that_one_thread_asked_is_answered_to_another(alice: User, releases: Room):
    question = Question(messages_of)
    [message] = make_messages(releases, alice)
    asked = [alice.pk], [message.client_id]

    def ask() -> list[tuple[object, ...]]:
        try:
            return question.ask(*asked)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(ask).result()
    with ThreadPoolExecutor(1) as thread:
        assert first == question.ask(*asked) == thread.submit(ask).result()


def test_what_is_stored_with_one_statement_is_what_was_given(
    alice: User, bob: User, releases: Room
):
    said = make_messages(releases, alice, bob)

    for message, author in zip(said, (alice, bob), strict=True):
        kept = Message.objects.get(pk=message.pk)
        fields = [field.attname for field in Message._meta.concrete_fields]
        assert [getattr(kept, name) for name in fields] == [
            getattr(message, name) for name in fields
        ]
        assert (kept.author_id, kept.text) == (author.pk, f"100 % of {author}")
        assert isinstance(kept.client_id, UUID)
        assert not message._state.adding


def test_a_stream_that_is_moved_reads_its_row_as_django_does(alice: User):
    room = make_room(alice, topic="100 % done", is_private=True)
    Room.objects.filter(pk=room.pk).update(archived=MOMENT)
    moved = Room(pk=room.pk)

    with transaction.atomic():
        advance(Step(moved, by=3, counters={"number": 2}, reads_all=True))

    kept = Room.objects.get(pk=room.pk)
    fields = [field.attname for field in Room._meta.concrete_fields]
    assert [getattr(moved, name) for name in fields] == [getattr(kept, name) for name in fields]
    assert (moved.rev, moved.number) == (room.rev + 3, 2)
    assert (moved.archived, moved.is_private) == (MOMENT, True)
