"""Chat's pages and the history they load."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from chat import services
from chat.models import Membership, Message, Room
from realtime_project.accounts.models import User
from tests.cast import make_room


def browser_of(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def fill(room: Room, author: User, count: int) -> list[Message]:
    posts = [services.Post(author.pk, uuid4(), f"message {n}") for n in range(count)]
    outcomes = services.post_messages(room=room.pk, posts=posts)
    return [message for message in outcomes if isinstance(message, Message)]


def state_of(page: str) -> Any:
    [state] = re.findall(r'<script id="state" type="application/json">(.*?)</script>', page)
    return json.loads(state)


@pytest.mark.parametrize("path", ["/", "/rooms/", "/rooms/new/", "/rooms/1/", "/rooms/1/messages"])
def test_who_is_not_signed_in_is_asked_to(path: str, db):
    answer = Client().get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


def test_the_front_door_leads_to_the_room_read_last(bob, releases):
    assert browser_of(bob).get("/")["Location"] == f"/rooms/{releases.pk}/"


def test_the_page_starts_from_its_state(alice, bob, releases):
    fill(releases, alice, 60)

    state = state_of(browser_of(bob).get(f"/rooms/{releases.pk}/").content.decode())

    room = Room.objects.get(pk=releases.pk)
    messages = [row for row in state["room"]["rows"] if row["kind"] == "message"]
    assert state["room"]["rev"] == room.rev
    assert [row["seq"] for row in messages] == sorted(row["seq"] for row in messages)
    assert len(messages) == 50
    assert state["room"]["extra"] == {"older": True, "newer": False}
    assert {row["room"] for row in state["me"]["rows"]} == {
        one.room_id for one in Membership.objects.filter(person=bob)
    }


def test_no_text_can_break_out_of_the_state(alice, releases):
    services.post_message(
        person=alice.pk, room=releases.pk, client_id=uuid4(), text="</script><script>alert(1)"
    )

    page = browser_of(alice).get(f"/rooms/{releases.pk}/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;/script&gt;" in str(state_of(page))


def test_the_state_over_http_is_the_same_as_on_the_page(alice, releases):
    fill(releases, alice, 3)
    browser = browser_of(alice)

    loaded = browser.get(f"/live/state?topic={releases.key}").json()

    assert loaded == state_of(browser.get(f"/rooms/{releases.pk}/").content.decode())["room"]


def test_a_strangers_room_is_not_found_anywhere(mallory, releases):
    browser = browser_of(mallory)

    for path in (
        f"/rooms/{releases.pk}/",
        f"/rooms/{releases.pk}/@1",
        f"/rooms/{releases.pk}/messages",
        f"/live/state?topic={releases.key}",
        "/live/state?topic=room:999999",
    ):
        assert browser.get(path).status_code == 404, path
    assert browser.get(f"/live/state?topic={releases.key}").json() == (
        browser.get("/live/state?topic=room:999999").json()
    )


def test_the_state_needs_somebody_and_a_topic(db, alice):
    assert Client().get("/live/state?topic=me").status_code == 401
    assert browser_of(alice).get("/live/state?topic=nonsense").status_code == 404
    assert browser_of(alice).get("/live/state").status_code == 404


def test_history_is_read_in_both_directions_without_gap_or_overlap(alice, releases):
    said = [message.seq for message in fill(releases, alice, 120)]
    browser, address = browser_of(alice), f"/rooms/{releases.pk}/messages"

    backwards: list[int] = []
    page = browser.get(address).json()
    while True:
        backwards = [row["seq"] for row in page["rows"]] + backwards
        if not page["older"]:
            break
        page = browser.get(f"{address}?before={backwards[0]}").json()
    forwards = [row["seq"] for row in browser.get(f"{address}?around={said[0]}").json()["rows"]]
    while (page := browser.get(f"{address}?after={forwards[-1]}").json())["rows"]:
        forwards += [row["seq"] for row in page["rows"]]

    assert backwards == forwards == said


def test_around_a_message_there_is_something_on_both_sides(alice, releases):
    said = [message.seq for message in fill(releases, alice, 120)]

    page = browser_of(alice).get(f"/rooms/{releases.pk}/messages?around={said[60]}").json()

    seqs = [row["seq"] for row in page["rows"]]
    assert seqs == said[35:85]
    assert (page["older"], page["newer"]) == (True, True)


@pytest.mark.parametrize(
    "query", ["before=x", "before=1&after=2", "around=-1", "after=" + "9" * 30, "before=١"]
)
def test_nonsense_for_a_place_is_a_bad_request(alice, releases, query: str):
    assert browser_of(alice).get(f"/rooms/{releases.pk}/messages?{query}").status_code == 400


def test_history_hides_what_was_said_before_one_joined(alice, bob):
    closed = make_room(alice, name="closed", is_history_open=False)
    fill(closed, alice, 3)
    services.join_room(person=bob.pk, room=closed.pk)
    [first] = fill(closed, alice, 1)

    page = browser_of(bob).get(f"/rooms/{closed.pk}/messages?before=1000").json()

    assert [row["seq"] for row in page["rows"]] == [first.seq]
    assert page["older"] is False


def test_a_room_is_made_by_whoever_wants_one(alice):
    answer = browser_of(alice).post("/rooms/new/", {"name": "ops", "topic": "What broke"})

    room = Room.objects.get(name="ops")
    assert answer["Location"] == f"/rooms/{room.pk}/"
    assert room.memberships.get().role == "owner"


def test_two_public_rooms_do_not_share_a_name(alice, releases):
    answer = browser_of(alice).post("/rooms/new/", {"name": "Releases"})

    assert answer.status_code == 200
    assert "already a public room" in answer.content.decode()


def test_rooms_are_found_by_name_and_topic_and_private_ones_only_by_their_people(
    alice, mallory, releases
):
    make_room(alice, name="release plans", is_private=True)

    hers = browser_of(alice).get("/rooms/?q=release").content.decode()
    theirs = browser_of(mallory).get("/rooms/?q=release").content.decode()

    assert "release plans" in hers
    assert "release plans" not in theirs
    assert "releases" in theirs


def test_rooms_are_listed_by_name(alice):
    for name in ("Zebra", "apple", "Mango"):
        make_room(alice, name=name)

    rooms = browser_of(alice).get("/rooms/").context["rooms"]

    assert [room.name for room in rooms] == ["apple", "general", "Mango", "Zebra"]


def test_more_rooms_than_fit_are_turned_over_like_pages_and_the_search_stays(alice, bob):
    for number in range(55):
        make_room(alice, name=f"team {number:02}")
    make_room(alice, bob, name="team 99")
    browser = browser_of(bob)

    first = browser.get("/rooms/?q=team")
    second = browser.get("/rooms/?q=team&page=2")

    names = [room.name for page in (first, second) for room in page.context["rooms"]]
    assert names == [*(f"team {number:02}" for number in range(55)), "team 99"]
    assert "?q=team&amp;page=2" in first.content.decode()
    assert "Page 2 of 2" in second.content.decode()
    assert "2 members" in second.content.decode()
    assert browser.get("/rooms/?page=nonsense").context["rooms"].number == 1


def test_nobody_joins_a_private_room_by_its_number(alice, mallory):
    secret = make_room(alice, name="plans", is_private=True)

    answer = browser_of(mallory).post(f"/rooms/{secret.pk}/join/")

    assert answer.status_code == 404
    assert not secret.memberships.filter(person=mallory).exists()


def test_joining_and_leaving_by_the_buttons(mallory, releases):
    browser = browser_of(mallory)

    assert browser.post(f"/rooms/{releases.pk}/join/")["Location"] == f"/rooms/{releases.pk}/"
    assert browser.post(f"/rooms/{releases.pk}/leave/")["Location"] == "/rooms/"

    assert not releases.memberships.active().filter(person=mallory).exists()


def test_an_owner_who_is_needed_stays(alice, releases):
    answer = browser_of(alice).post(f"/rooms/{releases.pk}/leave/", follow=True)

    assert "owner" in answer.content.decode()
    assert releases.memberships.active().filter(person=alice).exists()


def test_a_page_costs_few_queries_however_much_is_said(
    alice, bob, releases, django_assert_max_num_queries
):
    for number in range(12):
        make_room(alice, bob, name=f"room {number}")
    fill(releases, alice, 300)
    browser = browser_of(bob)
    browser.get(f"/rooms/{releases.pk}/")

    with django_assert_max_num_queries(10):
        browser.get(f"/rooms/{releases.pk}/")


def test_archived_rooms_have_a_list_of_their_own(alice, mallory):
    for name in ("finished", "ongoing"):
        make_room(alice, name=name)
    finished = Room.objects.get(name="finished")
    services.archive_room(person=alice.pk, room=finished.pk, archived=True)
    secret = make_room(alice, name="finished in private", is_private=True)
    services.archive_room(person=alice.pk, room=secret.pk, archived=True)

    def found(person: User, query: str) -> list[str]:
        return [room.name for room in browser_of(person).get(query).context["rooms"]]

    assert found(alice, "/rooms/?archived=yes") == ["finished", "finished in private"]
    assert found(mallory, "/rooms/?archived=yes") == ["finished"]
    assert "finished" not in found(alice, "/rooms/")


def test_the_rail_beside_a_page_is_the_one_of_the_chat(alice, bob):
    rooms = {name: make_room(alice, bob, name=name) for name in ("b", "a", "c", "d")}
    services.set_favourite(person=bob.pk, room=rooms["c"].pk, favourite=True)
    services.order_rooms(person=bob.pk, rooms=[rooms["d"].pk])
    services.archive_room(person=alice.pk, room=rooms["b"].pk, archived=True)
    fill(rooms["a"], alice, 2)

    rail = browser_of(bob).get("/rooms/new/").context["rail"]

    assert [room.name for room in rail["favourites"]] == ["c"]
    assert [(room.name, room.unread) for room in rail["others"]] == [
        ("d", 0),
        ("a", 2),
        ("general", 0),
    ]


def test_a_search_that_no_database_can_store_finds_nothing(alice):
    assert browser_of(alice).get("/rooms/?q=%00x").status_code == 200
