"""Chat's pages, and the history that they load."""

from typing import cast

import msgspec
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from chat import personal, queries, services
from chat.forms import RoomForm
from chat.models import Message
from chat.protocol import Person
from chat.why import reasons
from realtime_project.accounts.models import User
from realtime_project.live.build import build
from realtime_project.live.models import Installation
from realtime_project.live.responses import json
from realtime_project.live.views import as_state

MAX_SEQ_DIGITS = 15
ROOMS_A_PAGE = 50


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the room that was read last."""
    person = _person(request)
    services.welcome(person.pk)
    room_id = queries.last_room(person.pk)
    return redirect("chat:room", room_id) if room_id else redirect("chat:rooms")


@login_required
@never_cache
@require_safe
def room(request: HttpRequest, room_id: int, seq: int | None = None) -> HttpResponse:
    """The chat page, with the state that it starts from. Its socket goes on from there."""
    person = _person(request)
    services.welcome(person.pk)
    try:
        found = queries.room_state(person.pk, room_id, seq)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    epoch = Installation.current().epoch
    state = {
        "person": msgspec.to_builtins(Person.of(person)) | {"staff": person.is_staff},
        "site": settings.SITE_NAME,
        "epoch": epoch,
        "build": build(),
        "me": as_state("me", personal.state(person.pk), epoch),
        "room": as_state(f"room:{room_id}", found, epoch),
        "at": seq,
    }
    context = {"state": state, "room": found.rows[0]}
    return render(request, "chat/room.html", context)


@login_required
@never_cache
@require_GET
def history(request: HttpRequest, room_id: int) -> HttpResponse:
    """A page of messages: `?before=`, `?after=` or `?around=` a seq."""
    where = {
        name: request.GET[name] for name in ("before", "after", "around") if name in request.GET
    }
    if len(where) > 1 or not all(_is_seq(seq) for seq in where.values()):
        return HttpResponseBadRequest("Name one of before, after and around, with a seq.")
    seqs = {name: int(seq) for name, seq in where.items()}
    try:
        page = queries.history(_person(request).pk, room_id, **seqs)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return json({"epoch": Installation.current().epoch, **msgspec.structs.asdict(page)})


@login_required
@never_cache
@require_safe
def why(request: HttpRequest, room_id: int, seq: int) -> HttpResponse:
    """Why the reader was told of a message, or was not; `?person=` for those who run the place."""
    viewer = _person(request)
    name = request.GET.get("person", "").strip().removeprefix("@").replace("\0", "")
    try:
        message = Message.objects.select_related("room").get(room_id=room_id, seq=seq)
        person = User.objects.filter(username=name).first() if name else viewer
        if person is None and not viewer.is_staff:
            # As of everybody else: who may not ask learns no names.
            raise User.DoesNotExist
        found = reasons(viewer=viewer, person=person.pk, message=message) if person else None
    except ObjectDoesNotExist as error:
        raise Http404 from error
    context = {
        "reasons": found.reasons if found else (),
        "person": person,
        "message": message,
        "is_member": Message.objects.visible_to(viewer.pk).filter(pk=message.pk).exists(),
        "rail": personal.rail(viewer.pk),
    }
    return render(request, "chat/why.html", context)


@login_required
@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """Rooms to find and to join."""
    person = _person(request).pk
    query = request.GET.get("q", "").strip().replace("\0", "")
    is_archived = request.GET.get("archived") == "yes"
    found = queries.public_rooms(person, query, archived=is_archived)
    page = Paginator(found, ROOMS_A_PAGE).get_page(request.GET.get("page"))
    counts = queries.member_counts(page.object_list)
    context = {
        "rooms": page,
        "shown": [(room, counts.get(room.pk, 0)) for room in page],
        "query": query,
        "is_archived": is_archived,
        "is_browsing": True,
        "rail": personal.rail(person),
    }
    return render(request, "chat/rooms.html", context)


@login_required
def room_new(request: HttpRequest) -> HttpResponse:
    """Make a room."""
    person = _person(request).pk
    form = RoomForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = services.create_room(person=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("chat:room", made.pk)
    context = {"form": form, "rail": personal.rail(person)}
    return render(request, "chat/room_new.html", context)


@login_required
@require_POST
def join(request: HttpRequest, room_id: int) -> HttpResponse:
    """Enter a public room."""
    try:
        services.join_room(person=_person(request).pk, room=room_id)
    except (ObjectDoesNotExist, ValidationError) as error:
        # Or it is archived by now: the button that led here is of before.
        raise Http404 from error
    return redirect("chat:room", room_id)


@login_required
@require_POST
def leave(request: HttpRequest, room_id: int) -> HttpResponse:
    """Go out of a room."""
    try:
        services.leave_room(person=_person(request).pk, room=room_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("chat:room", room_id)
    return redirect("chat:rooms")


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _is_seq(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MAX_SEQ_DIGITS
