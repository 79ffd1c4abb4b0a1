"""Boards and annotations, for those who run the place."""

import json
import time

import msgspec
import pytest
from django.core.exceptions import ValidationError

from dashboard.boards.annotations import annotate
from dashboard.models import Annotation, Board, Star
from dashboard.queries import Query
from tests.cast import make_person
from tests.dashboard.boards.boards import body, make_board


@pytest.fixture
def admin(people_database, browser_of):
    return browser_of(make_person("ada", is_staff=True, is_superuser=True))


@pytest.fixture
def board(alice):
    return make_board(alice, Query("temperature", source="*"))


def form(board: Board, **changes):
    return {"owner": board.owner_id, "body": json.dumps(board.body)} | changes


def test_boards_are_listed_with_their_owner(admin, board):
    page = admin.get("/admin/dashboard/board/").content.decode()

    assert "Mine" in page
    assert "Alice" in page


def test_a_board_is_changed_and_its_pages_notice(admin, board, releases):
    told = msgspec.to_builtins(body(title="Renamed"))

    address = f"/admin/dashboard/board/{board.pk}/change/"
    assert (
        admin.post(address, form(board, body=json.dumps(told), rooms=[releases.pk])).status_code
        == 302
    )

    board.refresh_from_db()
    assert (board.title, board.version, board.rooms.get()) == ("Renamed", 2, releases)


def test_what_is_no_board_is_refused(admin, board):
    told = msgspec.to_builtins(body()) | {"panels": [{"id": "p1"}]}

    page = admin.post(
        f"/admin/dashboard/board/{board.pk}/change/", form(board, body=json.dumps(told))
    )

    assert "panels.0: Object missing required field" in page.content.decode()
    board.refresh_from_db()
    assert board.version == 1


def test_with_a_board_its_stars_go(admin, board, alice):
    Star.objects.create(person=alice, board=board.slug)

    admin.post(f"/admin/dashboard/board/{board.pk}/delete/", {"post": "yes"})

    assert not Board.objects.exists()
    assert not Star.objects.exists()


def test_an_annotation_is_written(admin):
    admin.post(
        "/admin/dashboard/annotation/add/", {"title": "Moved", "at": time.time(), "kind": "note"}
    )

    note = Annotation.objects.get()
    assert (note.title, str(note.by)) == ("Moved", "Ada")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts",
    [
        {"title": " "},
        {"title": "x" * 201},
        {"title": "\0"},
        {"title": "a", "at": 12.0},
        {"title": "a", "until": 12.0},
        {"title": "a", "kind": "party"},
        {"title": "a", "level": "dreadful"},
    ],
)
def test_what_is_no_annotation_is_refused(facts):
    with pytest.raises(ValidationError):
        annotate(**facts)


@pytest.mark.django_db
def test_what_a_source_tells_again_is_one():
    for title in ("Version 7", "Version 7 is out"):
        annotate(title, source=3, key="v7", kind="deploy")

    assert Annotation.objects.get().title == "Version 7 is out"
