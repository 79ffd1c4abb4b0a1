"""Fills an installation with the made-up team, through the same services as everybody's clicks."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from chat import services
from chat import text as markup
from chat.demo.cast import BOT, OWNER, Character, characters
from chat.demo.pictures import landscape
from chat.demo.places import FIRST, Place, places
from chat.demo.talk import Talk
from chat.models import Room
from realtime_project.accounts.models import AVATAR_COLORS, User
from realtime_project.accounts.services import create_owner, needs_owner, save_profile

DOMAIN = "demo.example"
DAYS = 40.0
# How much somebody has left unread in a room; most have read all there is.
LEFT_UNREAD = (0, 0, 0, 0, 0, 1, 4, 12, 40)
EVERY_PICTURED = 3


@dataclass(frozen=True)
class Size:
    """How much is made up: `rooms` beside the one for everybody."""

    people: int
    rooms: int
    messages: int


SIZES = {
    "small": Size(people=34, rooms=24, messages=3_000),
    "large": Size(people=499, rooms=999, messages=200_000),
}


@dataclass
class Team:
    owner: User
    bot: int
    people: list[int]


def fill(size: Size, password: str, *, seed: int, tell: Callable[[str], None]) -> User:
    """Make people, rooms and what was said in them. Returns the owner of the installation.

    An empty installation is filled in the same way each time. Another one gets rooms of further
    names beside those it has.
    """
    random = Random(seed + Room.objects.count())
    team = _gather(random, size.people, password)
    tell(f"{len(team.people) + 2} people")
    # The room for everybody comes last: it is where the owner comes in.
    chosen = [*islice(places(), size.rooms), FIRST]
    share = size.messages / sum(place.weight for place in chosen)
    render = lru_cache(maxsize=20_000)(markup.render)
    for number, place in enumerate(chosen, start=1):
        room = _found(place, team, random)
        said = _made_up(place, team, random, round(place.weight * share))
        for messages, newcomers in _as_read(place, team, random, said):
            services.import_messages(room=room.pk, messages=messages, render=render)
            _add(room, newcomers)
        _settle(place, room, team, random)
        if not number % 100:
            tell(f"{number} rooms")
    tell(f"{len(chosen)} rooms with {round(size.messages, -3):,} messages")
    return team.owner


def _gather(random: Random, count: int, password: str) -> Team:
    owner = User.objects.filter(is_superuser=True).order_by("pk").first()
    if needs_owner() or owner is None:
        owner = create_owner(
            username=OWNER.username,
            email=_address(OWNER),
            display_name=OWNER.name,
            password=password,
        )
    services.welcome(owner.pk)
    cast = list(islice(characters(), count + 1))
    # One hash for all of them: it is the same password, and a hash is slow on purpose.
    known = make_password(password)
    User.objects.bulk_create(_accounts(random, cast, known), ignore_conflicts=True)
    # By their addresses: whoever had one of the names before is somebody else.
    made = User.objects.filter(email__in=map(_address, cast), is_active=True).exclude(pk=owner.pk)
    for person in made.filter(picture="", is_bot=False).order_by("pk")[::EVERY_PICTURED]:
        _picture(person, random)
    ids = dict(made.values_list("username", "pk").order_by("pk"))
    return Team(owner, ids.pop(BOT.username), list(ids.values()))


def _accounts(random: Random, cast: Iterable[Character], password: str) -> Iterator[User]:
    for one in cast:
        yield User(
            username=one.username,
            email=_address(one),
            display_name=one.name,
            time_zone=one.zone,
            is_bot=one.is_bot,
            avatar_color=random.randrange(AVATAR_COLORS),
            password=password,
            date_joined=timezone.now() - timedelta(days=random.uniform(DAYS, 900)),
        )


def _picture(person: User, random: Random) -> None:
    save_profile(
        person=person,
        display_name=person.display_name,
        avatar_color=person.avatar_color,
        time_zone=person.time_zone,
        theme=person.theme,
        picture=landscape(random),
    )


def _address(one: Character) -> str:
    return f"{one.username}@{DOMAIN}"


def _found(place: Place, team: Team, random: Random) -> Room:
    """Make the room of a place, with whoever has something unread in it."""
    if place is FIRST:
        # The first visit of an installation's owner makes it.
        there = Room.objects.open().filter(is_default=True).first()
        if there is not None and there.memberships.active().filter(person=team.owner).exists():
            return there
    room = services.create_room(
        person=team.owner.pk if place.weight == 0 else random.choice(team.people),
        name=_free_name(place),
        topic=place.topic,
        is_private=place.is_private,
    )
    if place.is_owner_in and room.created_by_id != team.owner.pk:
        _add(room, [team.owner.pk])
    return room


def _free_name(place: Place) -> str:
    taken = Room.objects.filter(name__istartswith=place.name, is_private=False)
    taken_names = {name.lower() for name in taken.values_list("name", flat=True)}
    name, number = place.name, 2
    while not place.is_private and name.lower() in taken_names:
        name, number = f"{place.name} {number}", number + 1
    return name


def _made_up(place: Place, team: Team, random: Random, count: int) -> Sequence[services.Imported]:
    if place.language == "bot":
        people = [team.bot]
    else:
        people = random.sample(team.people, _heads(place, team))
        people += [team.owner.pk] if place.is_owner_in else []
    return Talk(random, place.language, people).until(timezone.now(), count=count, days=DAYS)


def _heads(place: Place, team: Team) -> int:
    return max(2, math.ceil(place.share * len(team.people)))


def _as_read(
    place: Place, team: Team, random: Random, said: Sequence[services.Imported]
) -> Iterator[tuple[Sequence[services.Imported], Sequence[int]]]:
    """Yield what was said piece by piece, each with those who come in after it: whoever enters a
    room has read what was said before. None of them leaves unread what they said themselves."""
    last = {message.author: number for number, message in enumerate(said, start=1)}
    others = random.sample(team.people, _heads(place, team))
    entering: dict[int, list[int]] = defaultdict(list, {len(said): []})
    for person in sorted((last.keys() | set(others)) - {team.owner.pk}):
        read = max(0, len(said) - random.choice(LEFT_UNREAD))
        entering[read if read >= last.get(person, 0) else len(said)].append(person)
    done = 0
    for read in sorted(entering):
        yield said[done:read], entering[read]
        done = read


def _settle(place: Place, room: Room, team: Team, random: Random) -> None:
    """Let those who were in the room from the start read as far as they have: its owner, and who
    made it."""
    newest = list(room.messages.order_by("-seq").values_list("author", "seq"))
    maker = room.created_by_id
    if maker is not None and maker != team.owner.pk:
        own = next((seq for author, seq in newest if author == maker), 0)
        _read(room, maker, [seq for _, seq in newest], random.choice(LEFT_UNREAD), at_least=own)
    if not place.is_owner_in:
        return
    _read(room, team.owner.pk, [seq for _, seq in newest], place.unread)
    if place.is_favourite:
        services.set_favourite(person=team.owner.pk, room=room.pk, favourite=True)
    if place.is_archived:
        services.archive_room(person=team.owner.pk, room=room.pk, archived=True)


def _read(room: Room, person: int, newest: Sequence[int], unread: int, at_least: int = 0) -> None:
    if len(newest) > unread:
        services.mark_read(person=person, room=room.pk, seq=max(newest[unread], at_least))


def _add(room: Room, people: Sequence[int]) -> None:
    member = room.memberships.active().values_list("person", flat=True).first()
    if member is None:
        raise ValueError(f"Nobody is in {room}")
    services.add_members(person=member, room=room.pk, people=people)
