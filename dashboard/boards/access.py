"""The one door from a person and an address to a board: those of the staff see all, others what
is shared with their rooms or with everybody, and their own. What is not for them is not there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from chat.models import Membership, Room
from dashboard.boards import automatic
from dashboard.boards.body import Body, restored
from dashboard.boards.builtin import BUILT_IN
from dashboard.boards.scope import Scope
from dashboard.boards.sources import Source, all_sources, is_shown_to
from dashboard.models import Board, Star
from realtime_project.accounts.models import User

Group = Literal["built_in", "own", "shared", "source"]


@dataclass(frozen=True)
class Shown:
    """A board as somebody may see it."""

    slug: str
    body: Body
    scope: Scope
    group: Group
    version: int = 1
    may_edit: bool = False
    owner: int | None = None


def board_for(person: User, slug: str) -> Shown:
    """Return a board. Raises Board.DoesNotExist also for who may not see it."""
    if slug in BUILT_IN:
        if not person.is_staff:
            raise Board.DoesNotExist
        return built_in(slug)
    if (source := automatic.source_of(slug, all_sources())) is not None:
        if not _may_see(person, source):
            raise Board.DoesNotExist
        return of_source(slug, source)
    return own_board(visible_boards(person).select_related("owner").get(slug=slug), person)


def visible_boards(person: User) -> Any:
    """Return the boards that are stored and that somebody may see."""
    return Board.objects.all() if person.is_staff else Board.objects.visible_to(person.pk)


def definition_of(slug: str) -> Shown | None:
    """Return a board whoever asks: for the process itself, which shows it to who may see it."""
    if slug in BUILT_IN:
        return built_in(slug)
    if (source := automatic.source_of(slug, all_sources())) is not None:
        return of_source(slug, source)
    found = Board.objects.filter(slug=slug).select_related("owner").first()
    return own_board(found, None) if found else None


def built_in(slug: str) -> Shown:
    """Return a board that comes with the product."""
    return Shown(slug, BUILT_IN[slug](), Scope(own=True, sources={}), "built_in")


def of_source(slug: str, source: Source) -> Shown:
    """Return a board that what is sent in gives rise to."""
    scope = Scope(own=False, sources={source.id: source.slug})
    return Shown(slug, automatic.board_of(slug, source), scope, "source")


def own_board(board: Board, reader: User | None) -> Shown:
    """Return a board that is stored."""
    is_owner = reader is not None and board.owner_id == reader.pk
    return Shown(
        board.slug,
        restored(board.body),
        scope_of(board.owner),
        "own" if is_owner else "shared",
        board.version,
        may_edit=reader is not None and (is_owner or reader.is_staff),
        owner=board.owner_id,
    )


def scope_of(person: User) -> Scope:
    """Return which series a person may see."""
    sources = all_sources()
    if person.is_staff and person.is_active:
        return Scope(own=True, sources={one.id: one.slug for one in sources})
    rooms = _rooms_of(person)
    shown = [one for one in sources if is_shown_to(one, person.pk, rooms)]
    return Scope(own=False, sources={one.id: one.slug for one in shown})


def boards_of(person: User) -> list[dict[str, Any]]:
    """Return the boards that a person may see, as the rail lists them."""
    starred = set(Star.objects.filter(person=person).values_list("board", flat=True))
    listed: list[tuple[str, str, Group]] = []
    if person.is_staff:
        listed += [(slug, make().title, "built_in") for slug, make in BUILT_IN.items()]
    stored = visible_boards(person).order_by("title").values_list("slug", "title", "owner_id")
    listed += [(slug, title, "own") for slug, title, owner in stored if owner == person.pk]
    listed += [(slug, title, "shared") for slug, title, owner in stored if owner != person.pk]
    sources = [one for one in all_sources() if _may_see(person, one)]
    listed += [(slug, title, "source") for slug, title in automatic.listed(sources)]
    return [
        {"slug": slug, "title": title, "group": group, "starred": slug in starred}
        for slug, title, group in listed
    ]


@dataclass(frozen=True)
class Standing:
    """How it stands with a board at one moment: who may see it, its version, and what its owner
    may see. These two are nothing where the board is not stored."""

    readers: set[int]
    version: int = 1
    scope: Scope | None = None


def standing_of(slug: str, people: Collection[int]) -> Standing:
    """Return which of these people may see a board now, with a few queries for all of them. A
    board that is gone nobody may see."""
    active = dict(User.objects.filter(pk__in=people, is_active=True).values_list("pk", "is_staff"))
    staff = {person for person, is_staff in active.items() if is_staff}
    others = set(active) - staff
    if slug in BUILT_IN:
        return Standing(staff)
    if (source := automatic.source_of(slug, all_sources())) is not None:
        who = _who_of(others, source.everybody, {source.owner}, source.rooms)
        return Standing(staff | who)
    board = Board.objects.filter(slug=slug).select_related("owner").first()
    if board is None:
        return Standing(set(), version=0)
    rooms = board.rooms.values_list("pk", flat=True) if others else ()
    who = _who_of(others, board.is_for_everybody, {board.owner_id}, rooms)
    return Standing(staff | who, board.version, scope_of(board.owner))


def _who_of(
    people: set[int], everybody: bool, owners: set[int | None], rooms: Iterable[int]
) -> set[int]:
    if everybody or not people:
        return people
    members = Membership.objects.active().filter(room__in=list(rooms), person__in=people)
    return (people & owners) | set(members.values_list("person_id", flat=True))


def _may_see(person: User, source: Source) -> bool:
    return person.is_staff or is_shown_to(source, person.pk, _rooms_of(person))


def _rooms_of(person: User) -> frozenset[int]:
    return frozenset(Room.objects.visible_to(person.pk).values_list("pk", flat=True))
