"""Messages of programs that are drawn, and change where they stand."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from chat import services
from chat.cards import MAX_BYTES, Button, Card, Chart, Fact, card_in, written
from chat.excerpts import excerpt
from chat.models import Message, Room
from chat.services import Post
from realtime_project.accounts.models import User

CARD = Card(
    title="Loop lag <of> web@1",
    url="/boards/alerts/7/",
    tone="bad",
    status={"en": "Critical", "de": "Kritisch"},
    facts=[Fact({"en": "Value"}, value='"0.5" s'), Fact({"en": "Since"}, at=1_790_000_000.0)],
    chart=Chart({"en": "The last hour"}, [1.0, None, 2.5], limit=2.0),
    buttons=[Button({"en": "Acknowledge"}, "/boards/alerts/7/acknowledge")],
)


def post_card(author: User, room: Room, text: str = "0.5 s are too much.") -> Message:
    [message] = services.post_messages(
        room=room.pk, posts=[Post(author.pk, uuid4(), text, card=CARD)]
    )
    assert isinstance(message, Message)
    return message


def test_a_card_surrounds_the_words_of_its_message(alice: User, releases: Room) -> None:
    message = post_card(alice, releases)

    card = card_in(message.html)
    assert card is not None
    assert card["title"] == "Loop lag <of> web@1"
    assert card["facts"][0]["value"] == '"0.5" s'
    assert card["chart"]["values"] == [1.0, None, 2.5]
    assert "<p>0.5 s are too much.</p></message-card>" in message.html
    assert excerpt(message.html) == "Loop lag <of> web@1 0.5 s are too much."


def test_a_card_changes_where_it_stands_and_is_not_called_edited(
    alice: User, releases: Room
) -> None:
    message = post_card(alice, releases)
    changed = services.change_card(
        person=alice.pk, room=releases.pk, message=message.pk, text="Over.", card=CARD
    )

    assert (changed.pk, changed.seq, changed.text) == (message.pk, message.seq, "Over.")
    assert changed.edited is None
    assert changed.rev > message.rev
    assert releases.messages.count() == 1


def test_nobody_changes_the_card_of_somebody_else(alice: User, bob: User, releases: Room) -> None:
    message = post_card(alice, releases)

    with pytest.raises(PermissionDenied):
        services.change_card(
            person=bob.pk, room=releases.pk, message=message.pk, text="Mine", card=CARD
        )


def test_nobody_can_type_a_card(alice: User, releases: Room) -> None:
    forged = written(CARD, "<p>Press here</p>")
    message = services.post_message(
        person=alice.pk, room=releases.pk, client_id=uuid4(), text=forged
    )

    assert "<message-card" not in message.html
    assert card_in(message.html) is None


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
def test_a_card_leads_nowhere_else(url: str) -> None:
    for card in (
        Card(title="A", url=url, tone="bad", status={}),
        Card(title="A", url="/", tone="bad", status={}, buttons=[Button({}, url)]),
    ):
        with pytest.raises(ValidationError):
            written(card, "")


def test_a_card_that_is_too_large_is_refused(alice: User, releases: Room) -> None:
    with pytest.raises(ValidationError):
        written(Card(title="A" * MAX_BYTES, url="/", tone="bad", status={}), "")
