"""The page of a board, and what it loads."""

from dataclasses import replace
from typing import Annotated, Any, cast

import msgspec
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_GET, require_safe

from dashboard.boards import services
from dashboard.boards.access import Shown, board_for, boards_of
from dashboard.boards.answers import for_people
from dashboard.boards.body import MAX_BODY_BYTES, Refused, read_body, refusal_of, stored
from dashboard.boards.builtin import OVERVIEW
from dashboard.boards.data import data_of, nothing_of
from dashboard.boards.exporting import as_csv, as_json
from dashboard.boards.searching import search_series
from dashboard.boards.spans import NoSpan, Span, span
from dashboard.measuring.present import now
from dashboard.models import Star
from dashboard.sockets.services import ask
from realtime_project.accounts.models import User
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.models import Installation
from realtime_project.live.responses import json


class Starred(msgspec.Struct, forbid_unknown_fields=True):
    starred: bool = True


class Sharing(msgspec.Struct, forbid_unknown_fields=True):
    everybody: bool = False
    rooms: Annotated[list[int], msgspec.Meta(max_length=services.MAX_ROOMS)] = []


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the overview, or to the first board that is shared with somebody."""
    person = _person(request)
    boards = boards_of(person)
    if person.is_staff:
        return redirect("boards:board", OVERVIEW)
    starred = [board for board in boards if board["starred"]]
    if boards:
        return redirect("boards:board", (starred or boards)[0]["slug"])
    return render(request, "dashboard/board.html", _context(request, None, boards))


@never_cache
def board(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The page of a board by GET; by PUT and DELETE what becomes of it."""
    if request.method in ("PUT", "DELETE"):
        return _change(request, slug)
    return cast(HttpResponseBase, _page(request, slug))


@login_required
@require_safe
def _page(request: HttpRequest, slug: str) -> HttpResponse:
    person = _person(request)
    try:
        shown = board_for(person, slug)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if person.is_staff and any(one.options.get("source") == "sockets" for one in shown.body.panels):
        # So that the answers are there when the page asks for them.
        ask()
    return render(request, "dashboard/board.html", _context(request, shown, boards_of(person)))


@for_people
def _change(request: HttpRequest, slug: str) -> HttpResponse:
    person = _person(request)
    if request.method == "DELETE":
        services.delete_board(person=person, slug=slug)
        return HttpResponse(status=204)
    changed = services.change_board(
        person=person, slug=slug, body=_body(request), version=_version(request)
    )
    return json({"slug": changed.slug, "version": changed.version})


@never_cache
def collection(request: HttpRequest) -> HttpResponseBase:
    """All boards: the first one by GET, another one by POST."""
    return _make(request) if request.method == "POST" else home(request)


@for_people
def _make(request: HttpRequest) -> HttpResponse:
    """Make a board of what is sent: empty, written in the browser, or imported."""
    made = services.make_board(person=_person(request), body=_body(request))
    return json({"slug": made.slug, "version": made.version}, status=201)


@never_cache
@require_GET
@for_people
@conditional_page
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """What a board shows: `?from=-15m&to=now&step=&worker=`."""
    person = _person(request)
    return json(data_of(board_for(person, slug), person, _span(request), _worker(request)))


@never_cache
@for_people
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What a board would show as it is sent, to who may change it: nothing of it is kept."""
    _only_post(request)
    person = _person(request)
    shown = board_for(person, slug)
    if not shown.may_edit:
        raise PermissionDenied(_("This board is not yours: make a copy of it."))
    wanted = replace(shown, body=_body(request))
    return json(data_of(wanted, person, _span(request), _worker(request)))


@never_cache
@require_GET
@for_people
@conditional_page
def definition(request: HttpRequest, slug: str) -> HttpResponse:
    """A board itself, as its page got it."""
    person = _person(request)
    return json(described(board_for(person, slug), person))


@never_cache
@require_GET
@for_people
@conditional_page
def panel(request: HttpRequest, slug: str, name: str, form: str) -> HttpResponse:
    """What one panel shows, as CSV or JSON, to take along."""
    shown = board_for(_person(request), slug)
    chosen = shown.body.panel(name)
    if chosen is None:
        raise ObjectDoesNotExist
    write = as_csv if form == "csv" else as_json
    return write(shown, chosen, _span(request), _worker(request))


@for_people
def star(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a board at hand, or no longer."""
    _only_post(request)
    wanted = _read(request, Starred)
    services.star_board(person=_person(request), slug=slug, starred=wanted.starred)
    return json({"starred": wanted.starred})


@for_people
def duplicate(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a copy of a board."""
    _only_post(request)
    made = services.duplicate_board(person=_person(request), slug=slug)
    return json({"slug": made.slug, "version": made.version}, status=201)


@never_cache
@for_people
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """With whom a board is shared; by POST: with whom from now on."""
    person = _person(request)
    if request.method == "POST":
        wanted = _read(request, Sharing)
        services.share_board(
            person=person, slug=slug, everybody=wanted.everybody, rooms=wanted.rooms
        )
    return json(services.sharing_of(person=person, slug=slug))


@never_cache
@require_GET
@for_people
@conditional_page
def series(request: HttpRequest) -> HttpResponse:
    """Series to pick from: `?search=part of a name or a label`."""
    return json({"series": search_series(_person(request), request.GET.get("search", "")[:100])})


def described(shown: Shown, person: User) -> dict[str, Any]:
    """Return a board as its page gets it."""
    return {
        **stored(shown.body),
        "slug": shown.slug,
        "version": shown.version,
        "may_edit": shown.may_edit,
        "starred": Star.objects.filter(person=person, board=shown.slug).exists(),
        "built_in": shown.group == "built_in",
        "group": shown.group,
    }


def _context(
    request: HttpRequest, shown: Shown | None, boards: list[dict[str, Any]]
) -> dict[str, Any]:
    person = _person(request)
    told = described(shown, person) if shown else None
    state = {
        "person": person.pk,
        "epoch": Installation.current().epoch,
        "is_staff": person.is_staff,
        "board": told,
        "data": _page_data(request, shown) if shown else None,
        "boards": boards,
    }
    return {"state": state, "board": told, "boards": boards}


def _page_data(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    """What is there when a page opens. That it is too much, `…/data` says in words."""
    stretch = _page_span(request)
    try:
        return data_of(shown, _person(request), stretch, _worker(request))
    except (Refused, LiveError):
        return nothing_of(shown, stretch)


def _page_span(request: HttpRequest) -> Span:
    """The stretch of time in the address of a page. A page with an address that was typed wrong
    is better than none."""
    asked = request.GET
    start, end = asked.get("from", ""), asked.get("to", "")
    if not start and (width := asked.get("range", "")):
        start, end = f"-{width}", "now"
    try:
        return span(start, end, asked.get("step", ""), now())
    except NoSpan:
        return span("", "", "", now())


def _span(request: HttpRequest) -> Span:
    asked = request.GET
    try:
        return span(asked.get("from", ""), asked.get("to", ""), asked.get("step", ""), now())
    except NoSpan as error:
        raise LiveError(ErrorCode.INVALID, str(error)) from error


def _worker(request: HttpRequest) -> str:
    return request.GET.get("worker", "")[:120]


def _body(request: HttpRequest) -> Any:
    _check_size(request)
    return read_body(request.body)


def _read(request: HttpRequest, kind: type[Any]) -> Any:
    _check_size(request)
    try:
        return msgspec.json.decode(request.body or b"{}", type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise refusal_of(error) from error


def _check_size(request: HttpRequest) -> None:
    # Before it is read into memory.
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > MAX_BODY_BYTES:
        raise LiveError(ErrorCode.TOO_LARGE, f"More than {MAX_BODY_BYTES // 1024} KiB.")


def _version(request: HttpRequest) -> int | None:
    told = request.headers.get("If-Match", "").strip('"')
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else None


def _only_post(request: HttpRequest) -> None:
    if request.method != "POST":
        raise LiveError(ErrorCode.BAD_REQUEST, "This is for POST.")


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
