"""What people do with boards: make, change, delete, star, duplicate and share them."""

import secrets
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from chat.models import Room, RoomQuerySet
from dashboard.boards import budget
from dashboard.boards.access import board_for, scope_of
from dashboard.boards.body import Body, stored
from dashboard.boards.catalogue import catalogue
from dashboard.models import Board, Star
from dashboard.models.boards import BoardQuerySet
from realtime_project.accounts.audit import record_done
from realtime_project.accounts.models import User
from realtime_project.live.codes import Conflict

MAX_BOARDS = 200
"""Of one person."""
MAX_STARS = 200
MAX_ROOMS = 100
SLUG_CHARACTERS = 36


def make_board(*, person: User, body: Body) -> Board:
    """Store a board of somebody's own, which nobody else sees yet."""
    _check_budget(body, person)
    if Board.objects.filter(owner=person).count() >= MAX_BOARDS:
        raise ValidationError(_("Nobody can have more than 200 boards."))
    return Board.objects.create(
        slug=_new_slug(body.title), title=body.title, body=stored(body), owner=person
    )


def change_board(*, person: User, slug: str, body: Body, version: int | None = None) -> Board:
    """Store what has become of a board. With the version that was changed nobody's work is
    overwritten unseen."""
    with transaction.atomic():
        board = _to_edit(person, slug)
        if version is not None and version != board.version:
            raise Conflict(_("Somebody else has changed this board meanwhile."))
        _check_budget(body, board.owner)
        board.title, board.body = body.title, stored(body)
        _store(board, "title", "body")
    return board


def delete_board(*, person: User, slug: str) -> None:
    """Delete a board for good, and the stars on it."""
    with transaction.atomic():
        board = _to_edit(person, slug)
        _record(board, person, "deleted")
        Star.objects.filter(board=slug).delete()
        board.delete()


def duplicate_board(*, person: User, slug: str) -> Board:
    """Make a copy of a board that somebody may see. It shows what they may see."""
    body = board_for(person, slug).body
    title = _("%(title)s (copy)") % {"title": body.title[:70]}
    return make_board(person=person, body=Body(title, body.panels))


def star_board(*, person: User, slug: str, starred: bool) -> None:
    """Keep a board at hand, or no longer."""
    board_for(person, slug)
    if not starred:
        Star.objects.filter(person=person, board=slug).delete()
    elif Star.objects.filter(person=person).count() < MAX_STARS:
        Star.objects.get_or_create(person=person, board=slug)


def share_board(*, person: User, slug: str, everybody: bool, rooms: Collection[int]) -> Board:
    """Say who else may see a board: everybody, or who is in one of these rooms. Somebody can
    share with rooms that they are in; what others shared it with stays as it is for them."""
    with transaction.atomic():
        board = _to_edit(person, slug)
        offered = set(rooms_offered(person).values_list("pk", flat=True))
        if strange := set(rooms) - offered:
            raise ValidationError(_("There is no room %(room)s.") % {"room": min(strange)})
        kept = set(board.rooms.values_list("pk", flat=True)) - offered
        if len(kept | set(rooms)) > MAX_ROOMS:
            raise ValidationError(_("That is too many rooms."))
        board.is_for_everybody = everybody
        board.rooms.set(kept | set(rooms))
        _store(board, "is_for_everybody")
        _record(board, person, "shared anew")
    return board


def sharing_of(*, person: User, slug: str) -> dict[str, Any]:
    """Return with whom a board is shared, as far as somebody who may change it knows the rooms."""
    board = _of_editor(person, slug).get()
    shared = set(board.rooms.values_list("pk", flat=True))
    rooms = rooms_offered(person).values_list("pk", "name")
    return {
        "everybody": board.is_for_everybody,
        "rooms": [{"id": pk, "name": name, "shared": pk in shared} for pk, name in rooms],
    }


def rooms_offered(person: User) -> RoomQuerySet:
    """Return the rooms with which somebody can share a board."""
    return Room.objects.all() if person.is_staff else Room.objects.visible_to(person.pk)


def _check_budget(body: Body, owner: User) -> None:
    """Refuse what could not be shown even for a quarter of an hour."""
    catalogue.refresh()
    scope = scope_of(owner)
    budget.check([len(catalogue.select(panel.queries, scope)) for panel in body.panels])


def _to_edit(person: User, slug: str) -> Board:
    """Return a board under its lock."""
    return _of_editor(person, slug).select_for_update(of=("self",)).get()


def _of_editor(person: User, slug: str) -> BoardQuerySet:
    """Return the board that somebody may change. Who may see it hears that they may not."""
    if not board_for(person, slug).may_edit:
        raise PermissionDenied(_("This board is not yours: make a copy of it."))
    return Board.objects.filter(slug=slug)


def _store(board: Board, *fields: str) -> None:
    # By the database: two who change it at once are two versions.
    board.version = F("version") + 1
    board.save(update_fields=[*fields, "version", "changed"])
    board.refresh_from_db(fields=["version"])


def _record(board: Board, person: User, what: str) -> None:
    # One's own boards are one's own; what is done to those of others is written down.
    if board.owner_id != person.pk:
        record_done(board, by=person, what=what)


def _new_slug(title: str) -> str:
    # With a part that nobody can guess the taken ones by, and that no fixed address ends with.
    name = slugify(title)[:SLUG_CHARACTERS].strip("-_") or "board"
    return f"{name}-{secrets.token_hex(4)}"
