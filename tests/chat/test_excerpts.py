"""Beside what one is told of stands what was said, as it reads by now, to whom may see it."""

from uuid import uuid4

import pytest

from chat import services
from chat.excerpts import MAX_CHARACTERS, excerpt
from chat.models import Membership
from notifications import queries
from notifications.services import open_inboxes, tell_what_happened


@pytest.fixture
def said(alice, bob, releases):
    text = "@bob, **look** at `this`"
    said = services.post_message(person=alice.pk, room=releases.pk, client_id=uuid4(), text=text)
    tell_what_happened()
    open_inboxes([bob.pk])
    return said


def details(person) -> list[str]:
    return [row.detail for row in queries.inbox_page(person.pk).rows]


def test_a_mention_shows_what_was_said(bob, said):
    assert details(bob) == ["@bob, look at this"]


def test_it_shows_what_the_message_says_by_now(alice, bob, releases, said):
    services.edit_message(
        person=alice.pk, room=releases.pk, message=said.pk, text="@bob, never mind"
    )

    assert details(bob) == ["@bob, never mind"]


def test_who_is_not_in_the_room_any_more_reads_nothing_of_it(bob, releases, said):
    Membership.objects.filter(person=bob, room=releases).update(is_active=False)

    assert details(bob) == [""]


def test_whose_history_begins_later_reads_nothing_of_it(bob, releases, said):
    Membership.objects.filter(person=bob, room=releases).update(since_seq=said.seq + 1)

    assert details(bob) == [""]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("<p>a &lt;b&gt; &amp; <b>c</b>d</p>", "a <b> & cd"),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        ("<p>one<br>two</p>", "one two"),
    ],
)
def test_an_excerpt_is_words_on_one_line(html, words):
    assert excerpt(html) == words


def test_an_excerpt_is_short(said):
    words = excerpt(f"<p>{'word ' * 200}</p>")

    assert len(words) <= MAX_CHARACTERS
    assert words.endswith("…")
