"""What an app comes to tell is a kind of a few lines, and everything else comes with it: here what
chat does not have yet."""

from collections.abc import Iterator, Sequence

import pytest
from django.db import transaction

from notifications import kinds, outbox, services
from notifications.decision import Channels
from notifications.kinds import DEFAULT_PACES, Channel, Kind, Pace, Story, register
from notifications.notices import Notice
from notifications.outbox import Page
from notifications.preferences.offered import offered
from notifications.preferences.services import Chosen, save_preferences
from notifications.quiet_hours import NEVER
from notifications.traces.queries import latest
from realtime_project.accounts.models import User
from tests.cast import make_person
from tests.notifications.reading import badge, rows, texts

IN_APP = {Channel.INBOX: Pace.INSTANT}


def kind(name: str, words: str, priority: int = 3, **more: object) -> Kind:
    def text(story: Story) -> str:
        return words % {"who": story.who, **story.params}

    return Kind(f"tests.{name}", name.title(), text, priority, **more)  # type: ignore[arg-type]


KINDS = [
    kind("reply", "%(who)s replied to you in %(room)s.", 4),
    kind("thread", "%(who)s wrote in a thread that you follow in %(room)s."),
    kind("direct", "%(who)s wrote to you.", 4),
    kind("reaction", "%(who)s reacted to your message.", 1, paces=IN_APP),
    kind("reminder", "You wanted to be reminded of %(room)s.", 4),
    kind("poll", "A poll in %(room)s is closed.", 2, paces=IN_APP),
    kind("report", "%(who)s reported a message in %(room)s.", 4, is_locked=True),
    kind("export", "Your export is ready.", paces={**DEFAULT_PACES, Channel.EMAIL: Pace.INSTANT}),
]


@pytest.fixture(autouse=True)
def declared(poke: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The kinds, and whom a reaction is told to, as an app declares them."""
    outbox.find("notifications.retracted")  # the apps have declared theirs
    monkeypatch.setattr(outbox, "_tells", {**outbox._tells})
    monkeypatch.setattr(outbox, "_signatures", {**outbox._signatures})
    outbox.tells("tests.reacted")(reacted)
    for one in KINDS:
        register(one)
    yield
    for one in KINDS:
        del kinds._kinds[one.name]


def reacted(page: Page, *, message: int, author: int, by: int, sign: str) -> Sequence[Notice]:
    """Who wrote the message that somebody has reacted to."""
    return [
        Notice(
            person=author,
            kind="tests.reaction",
            key=f"{by}:{sign}",
            group=f"reactions:{message}",
            actor=by,
            message=message,
        )
        for author in [author][: page.limit]
        if author > page.after
    ]


def react(by: User, to: User, sign: str = "👍") -> None:
    with transaction.atomic():
        services.happened("tests.reacted", message=7, author=to.pk, by=by.pk, sign=sign)
    while services.tell_what_happened():
        pass


def test_bob_and_three_others_have_reacted(
    alice: User, bob: User, carol: User, mallory: User
) -> None:
    dave = make_person("dave")
    for person in (carol, mallory, dave, bob):
        react(person, alice)
    react(bob, alice)
    react(alice, alice)

    assert texts(alice) == ["Bob and 3 others reacted to your message."]
    assert badge(alice) == (1, 1)

    services.forget_group("reactions:7", key=f"{mallory.pk}:👍")
    while services.tell_what_happened():
        pass
    assert texts(alice) == ["Bob and 2 others reacted to your message."]


@pytest.mark.parametrize("new", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_told_offered_explained_and_switched_off(
    new: Kind, alice: User, bob: User
) -> None:
    notice = Notice(alice.pk, new.name, key="1", actor=bob.pk, params={"room": "releases"})
    services.notify(notice)

    [row] = rows(alice)
    assert (row.type, row.priority) == (new.name, new.priority)
    assert "%" not in row.text["en"]
    assert offered()[new.name].facts.is_locked is new.is_locked
    [explained] = latest(alice.pk)
    assert (explained.kind, explained.subject) == (new.name, "1")

    off = Chosen({new.name: Channels()}, NEVER, True, (), (), ())
    save_preferences(person=alice.pk, chosen=off)
    services.notify(Notice(alice.pk, new.name, key="2", actor=bob.pk, params={"room": "releases"}))

    assert len(rows(alice)) == (2 if new.is_locked else 1)
