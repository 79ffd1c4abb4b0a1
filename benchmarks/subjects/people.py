"""Runs within an installation: makes as many people as a crowd needs, in bulk, and prints how to
sign in as each of them."""

import json
import sys
import time
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.utils import timezone

from chat import services
from chat.models import Membership, Personal, Room
from dashboard.ingest.senders import make_source_token
from dashboard.models import IngestSource
from notifications import services as notifications
from notifications.models import Happening, Inbox
from realtime_project.accounts.models import User
from realtime_project.live.streams import Step, advance

AT_ONCE = 5000


@transaction.atomic
def make_crowd(people: int, rooms: int) -> None:
    """Make people who are all in the same rooms. Prints the rooms' topics and the sessions."""
    crowd = enrol("person", people, rooms)
    owner = User.objects.create(username="owner", email="owner@example.org", password="!")  # noqa: S106
    services.welcome(owner.pk)
    keys = [fill_room(owner, crowd, number) for number in range(1, rooms + 1)]
    sys.stdout.write(json.dumps({"rooms": keys, "sessions": sign_in_all(crowd)}) + "\n")


def give_rights_to_all() -> None:
    """Make everybody one of the staff, who see all boards."""
    sys.stdout.write(json.dumps(User.objects.update(is_staff=True)) + "\n")


def say(room: str, posts: int) -> None:
    """Let the first of them post, while nobody is there. Prints the room's rev."""
    pk = int(room.partition(":")[2])
    author = User.objects.get(username="person0").pk
    services.post_messages(
        room=pk, posts=[services.Post(author, uuid4(), f"post {n}") for n in range(posts)]
    )
    sys.stdout.write(f"{Room.objects.get(pk=pk).rev}\n")


def mention_in_turn(people: int, count: int, per_second: float) -> None:
    """Let the owner mention one after the other. Prints who it was, the message and when."""
    owner = User.objects.get(username="owner").pk
    room = Room.objects.get(name="room 1").pk
    said, begun = [], time.time()
    for number in range(count):
        time.sleep(max(0, begun + number / per_second - time.time()))
        person, when = number % people, time.time()
        post = services.Post(owner, uuid4(), f"@person{person}, look at this")
        for message in services.post_messages(room=room, posts=[post]):
            if isinstance(message, Exception):
                raise message
            said.append((person, message.pk, when))
    sys.stdout.write(json.dumps(said) + "\n")


def mention(count: int) -> None:
    """Let the owner mention the first of the crowd, while nobody is there. Prints the rev of that
    one's inbox."""
    owner, person = User.objects.filter(username__in=["owner", "person0"]).order_by("username")
    room = Room.objects.get(name="room 1").pk
    for number in range(count):
        post = services.Post(owner.pk, uuid4(), f"@{person.username}, look at number {number}")
        services.post_messages(room=room, posts=[post])
        # One by one: what is told together is one rev.
        notifications.tell_what_happened()
    sys.stdout.write(f"{Inbox.objects.get(pk=person.pk).rev}\n")


@transaction.atomic
def make_audience(people: int) -> None:
    """Bring very many more into the first room, who never sign in. Prints how many are there."""
    room = Room.objects.get(name="room 1")
    join(room, enrol("silent", people, 1), 1)
    sys.stdout.write(f"{room.memberships.count()}\n")


def tell_the_room() -> None:
    """Let the owner mention everybody in the first room. Prints after how many seconds the last
    of them was told."""
    owner = User.objects.get(username="owner").pk
    room = Room.objects.get(name="room 1").pk
    begun = time.time()
    post = services.Post(owner, uuid4(), "@room, look at this", is_confirmed=True)
    services.post_messages(room=room, posts=[post])
    while Happening.objects.exists():
        time.sleep(0.2)
    sys.stdout.write(f"{time.time() - begun}\n")


def announce(title: str) -> None:
    """Announce something to everybody. Prints when."""
    when = time.time()
    notifications.announce(title=title)
    sys.stdout.write(f"{when}\n")


def enrol(name: str, count: int, rooms: int) -> list[User]:
    """Make people by a name and a number, whose own streams have seen them enter so many rooms."""
    people = User.objects.bulk_create(
        (
            User(
                username=f"{name}{number}",
                email=f"{name}{number}@example.org",
                display_name=f"{name.title()} {number}",
                password="!",  # noqa: S106 (nobody signs in with one)
            )
            for number in range(count)
        ),
        batch_size=AT_ONCE,
    )
    Personal.objects.bulk_create(
        (Personal(person=one, rev=rooms) for one in people), batch_size=AT_ONCE
    )
    return people


def fill_room(owner: User, crowd: list[User], number: int) -> str:
    """Make a room with everybody in it; `number` is the rev of that in their own streams."""
    room = services.create_room(person=owner.pk, name=f"room {number}")
    join(room, crowd, number)
    return Room(pk=room.pk).key


def join(room: Room, people: list[User], personal_rev: int) -> None:
    """Bring people into a room, one rev each."""
    advance(Step(room, by=len(people)))
    first = room.rev - len(people) + 1
    Membership.objects.bulk_create(
        (
            Membership(room=room, person=person, rev=first + place, personal_rev=personal_rev)
            for place, person in enumerate(people)
        ),
        batch_size=AT_ONCE,
    )


def sign_in_all(crowd: list[User]) -> list[str]:
    """Give everybody a session."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    model = store.get_model_class()
    ends = timezone.now() + timedelta(days=1)
    sessions = [
        model(
            session_key=f"{person.pk:032d}",
            session_data=store.encode(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            ),
            expire_date=ends,
        )
        for person in crowd
    ]
    model.objects.bulk_create(sessions)
    return [one.session_key for one in sessions]


def make_source(slug: str) -> None:
    """Make a source of numbers, and print its token."""
    owner = User.objects.order_by("pk")[0]
    source = IngestSource.objects.create(slug=slug, title=slug)
    sys.stdout.write(json.dumps(make_source_token(by=owner, source=source, name=slug)))
