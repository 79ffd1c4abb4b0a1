"""`@room` and `@here`: everybody, and everybody who is present; asked about where they are many."""

from uuid import uuid4

import pytest

from chat import services
from chat.audience import ASKS_ABOVE
from chat.models import Membership, Message, Notify
from notifications import queries
from notifications.services import open_inboxes, tell_what_happened
from realtime_project.live import people
from realtime_project.live.codes import Unconfirmed
from realtime_project.live.database import in_database
from tests.cast import make_person
from tests.sockets import Socket, connected


def say(person, room, text: str, **more):
    return services.post_message(
        person=person.pk, room=room.pk, client_id=uuid4(), text=text, **more
    )


def told(person) -> list[str]:
    tell_what_happened()
    open_inboxes([person.pk])
    return [row.text["en"] for row in queries.inbox_page(person.pk).rows]


def crowd(room, number: int) -> None:
    for place in range(number):
        somebody = make_person(f"somebody-{place}")
        services.join_room(person=somebody.pk, room=room.pk)


async def sees(socket: Socket, statuses) -> None:
    expected = {str(person.pk): status for person, status in statuses.items()}

    def shown() -> bool | None:
        seen: dict[str, str] = {}
        for frame in socket.frames:
            if frame.get("topic") == "people":
                seen = dict(frame["state"]) if "state" in frame else seen | frame["change"]
        return expected.items() <= seen.items() or None

    await socket.until(shown, f"never {expected}")


def test_everybody_in_the_room_is_told_but_who_says_it(alice, bob, mallory, releases):
    say(alice, releases, "Lunch, @room!")

    assert told(bob) == ["Alice mentioned everybody in releases."]
    assert told(alice) == told(mallory) == []


def test_who_is_named_as_well_is_told_of_that(alice, bob, releases):
    say(alice, releases, "@room, and @bob most of all")

    assert told(bob) == ["Alice mentioned you in releases."]


def test_who_wants_nothing_of_the_room_is_not_told(alice, bob, releases):
    services.set_notify(person=bob.pk, room=releases.pk, notify=Notify.NOTHING)

    say(alice, releases, "@room")

    assert told(bob) == []


def test_who_is_present_is_told_and_who_is_not_is_not(alice, bob, mallory, releases):
    services.join_room(person=mallory.pk, room=releases.pk)

    say(alice, releases, "@here", here=frozenset({alice.pk, bob.pk}))

    assert told(bob) == ["Alice mentioned everybody who is present in releases."]
    assert told(mallory) == []


def test_who_is_present_elsewhere_learns_nothing_of_the_room(alice, mallory, releases):
    say(alice, releases, "@here", here=frozenset({mallory.pk}))

    assert told(mallory) == []


@pytest.mark.parametrize("text", ["`@room`", "> @room", "someone@room.example"])
def test_what_is_quoted_or_code_tells_nobody(alice, bob, releases, text):
    say(alice, releases, text)

    assert told(bob) == []


def test_more_than_twenty_are_told_only_once_that_was_confirmed(alice, bob, releases):
    crowd(releases, ASKS_ABOVE - 1)
    say(alice, releases, "@room, all twenty of you")
    services.join_room(person=make_person("one-more").pk, room=releases.pk)

    with pytest.raises(Unconfirmed, match="21 people"):
        say(alice, releases, "@room")
    assert Message.objects.count() == 1
    say(alice, releases, "@here", here=frozenset({bob.pk}))
    say(alice, releases, "@room", is_confirmed=True)

    assert len(told(bob)) == 3


def test_a_post_that_is_asked_about_holds_up_no_other(alice, bob, releases):
    crowd(releases, ASKS_ABOVE)
    posts = [services.Post(alice.pk, uuid4(), "@room"), services.Post(bob.pk, uuid4(), "Hello")]

    refused, said = services.post_messages(room=releases.pk, posts=posts)

    assert isinstance(refused, Unconfirmed)
    assert isinstance(said, Message)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("@room", '<span class="mention">@room</span>'),
        ("@Here!", '<span class="mention">@Here</span>!'),
        ("@nobody", "@nobody"),
        ("`@bob`", "<code>@bob</code>"),
        ("<b>@nobody", "&lt;b&gt;@nobody"),
    ],
)
def test_a_mention_is_marked_up_where_it_means_somebody(alice, releases, text, html):
    assert say(alice, releases, text).html == f"<p>{html}</p>"


def test_a_person_is_marked_up_by_their_number_after_an_edit_too(alice, bob, releases):
    said = say(alice, releases, "Ask @bob.")
    marked = f'<span class="mention" data-person="{bob.pk}">@bob</span>'
    assert said.html == f"<p>Ask {marked}.</p>"

    edited = services.edit_message(
        person=alice.pk, room=releases.pk, message=said.pk, text="@nobody, or @bob"
    )

    assert edited.html == f"<p>@nobody, or {marked}</p>"


@pytest.mark.django_db(transaction=True)
async def test_the_page_is_told_how_many_before_and_refused_without_a_word_of_it(
    people_database, alice, bob, room, releases
):
    await in_database(crowd, releases, ASKS_ABOVE)
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={room: None})

        asked = await hers.ask("message.audience", room, text="@room")
        alone = await hers.ask("message.audience", room, text="Hello @bob")
        refused = await hers.post(room, "@room")
        posted = await hers.ask(
            "message.post", room, client_id=str(uuid4()), text="@room", confirmed=True
        )

    assert asked == {"people": 21, "ask": True}
    assert alone == {"people": 0, "ask": False}
    assert refused["error"]["code"] == "unconfirmed"
    assert "21" in refused["error"]["detail"]
    assert posted["seq"]


@pytest.mark.django_db(transaction=True)
async def test_who_is_present_is_who_has_a_page_and_is_not_away(
    people_database, monkeypatch, alice, bob, mallory, room, releases
):
    monkeypatch.setattr(people, "TICK_SECONDS", 0.02)
    await in_database(services.join_room, person=mallory.pk, room=releases.pk)
    async with connected(alice) as hers, connected(bob) as his, connected(mallory) as theirs:
        for socket in (hers, his, theirs):
            await socket.ask("subscribe", topics={"me": None, "people": None})
        await hers.ask("subscribe", topics={room: None})
        await theirs.ask("presence.set", "people", away=True)
        await sees(hers, {alice: "online", bob: "online", mallory: "away"})

        assert await hers.ask("message.audience", room, text="@here") == {
            "people": 1,
            "ask": False,
        }
        await hers.post(room, "@here, look")

    assert await in_database(told, bob) == ["Alice mentioned everybody who is present in releases."]
    assert await in_database(told, mallory) == []
    assert await in_database(Membership.objects.filter(room=releases).count) == 3
