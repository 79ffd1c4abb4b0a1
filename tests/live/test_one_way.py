"""Topics without a WebSocket: Server-Sent Events, long polling, and commands by POST."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import NewInstallation
from tests.one_way import SECONDS, Browser, command_frame
from tests.servers.installation import Installation
from tests.wire import client, make_people


@dataclass
class Place:
    """A room with Alice and Bob in it, and Mallory, who is not."""

    installation: Installation
    room: str
    sessions: dict[str, str]

    def browser(self, person: str) -> Browser:
        return Browser(self.installation, self.sessions[person])

    @property
    def topic(self) -> dict[str, int | None]:
        return {self.room.replace(":", "_"): 0}

    @property
    def topic_names(self) -> dict[str, int]:
        return {self.room: 0}


def place_in(installation: Installation) -> Place:
    room, sessions = make_people(installation, "alice", "bob")
    _, [stranger] = make_people(installation, "mallory")
    return Place(
        installation,
        room,
        dict(zip(("alice", "bob"), sessions, strict=True)) | {"mallory": stranger},
    )


@pytest.fixture(scope="module")
def place(live_server_process: Installation) -> Iterator[Place]:
    yield place_in(live_server_process)
    assert "Traceback" not in live_server_process.log.read_text()


@pytest.fixture
def fresh(new_installation: NewInstallation) -> Iterator[Place]:
    with new_installation().served() as installation:
        yield place_in(installation)
        assert "Traceback" not in installation.log.read_text()


def test_what_is_said_is_heard_at_once_over_events(place):
    alice, bob = place.browser("alice"), place.browser("bob")
    with bob.stream(**place.topic).events() as events:
        assert events.response.getheader("content-type") == "text/event-stream"
        assert events.hear(event="hello")["data"]["ping"]
        assert "rev" in events.hear(re=0)["ok"][place.room]

        posted = alice.do("message.post", place.room, client_id="1" * 32, text="by plain HTTP")

        assert events.hear_message("by plain HTTP")["seq"] == posted["seq"]


def test_who_comes_back_with_the_last_id_misses_nothing_and_hears_nothing_twice(place):
    alice, bob = place.browser("alice"), place.browser("bob")
    stream = bob.stream(**place.topic)
    alice.do("message.post", place.room, client_id="2" * 32, text="before")
    with stream.events() as events:
        events.hear_message("before")
        last = events.hear_place()
    alice.do("message.post", place.room, client_id="3" * 32, text="meanwhile")

    # As a browser does: the address still has the first cursor, the header the last id.
    stream.cursor = bob.stream(**place.topic).cursor
    with stream.events(**{"Last-Event-ID": last}) as events:
        events.hear_message("meanwhile")
        assert "before" not in str(events.frames)


def test_polling_tells_what_came_between_two_polls(place):
    alice, bob = place.browser("alice"), place.browser("bob")
    stream = bob.stream(**place.topic)
    stream.poll()
    alice.do("message.post", place.room, client_id="4" * 32, text="between the polls")

    told = str(stream.poll())

    assert "between the polls" in told
    assert "between the polls" not in str(stream.poll(wait=0))


def test_a_poll_waits_for_what_is_said(place):
    stream = place.browser("bob").stream(**place.topic)
    stream.poll()
    with client(place.installation, place.sessions["alice"]) as alice:
        alice.subscribe(place.room)
        alice.tell(
            do="message.post",
            topic=place.room,
            args={"client_id": "5" * 32, "text": "while it waits"},
        )
        assert "while it waits" in str(stream.poll())


def test_a_poll_with_nothing_to_tell_ends_empty_and_tells_heads_only_when_they_move(place):
    stream = place.browser("bob").stream(me=None, people=None)
    first = stream.poll()
    assert {"hello", "heads"} <= {frame.get("event") for frame in first}
    # Presence notices him, and then there is nothing more to tell.
    assert any(stream.poll(wait=1) == [] for _ in range(5))

    place.browser("alice").do("message.post", place.room, client_id="6" * 32, text="moves")
    assert "heads" in {frame.get("event") for frame in stream.poll()}


def test_a_poll_tells_a_refusal_once_and_then_waits_for_the_others(place):
    bob, alice = place.browser("bob"), place.browser("alice")
    stream = bob.stream(**place.topic, room_9999=None)
    [answer] = [frame for frame in stream.poll() if "re" in frame]
    assert answer["ok"]["room:9999"]["error"]["code"] == "not_found"
    while stream.poll(wait=0):
        pass

    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(stream.poll, wait=15)
        with pytest.raises(TimeoutError):
            waiting.result(1)
        alice.do("message.post", place.room, client_id="a" * 32, text="to those who wait")

        assert "to those who wait" in str(waiting.result(SECONDS))


def test_a_poll_tells_at_once_of_a_topic_that_is_refused_from_now_on(place):
    bob = place.browser("bob")
    before = bob.stream(**place.topic, room_9998=None)
    while before.poll(wait=0):
        pass
    both = bob.stream(**place.topic, room_9998=None, room_9997=None)
    both.cursor = before.cursor

    [answer] = both.poll()

    assert {name for name, one in answer["ok"].items() if "error" in one} == {
        *("room:9998", "room:9997")
    }
    assert both.poll(wait=0) == []


def test_a_cursor_of_another_history_loads_the_state(place):
    bob = place.browser("bob")
    _, named = bob.post("/live/streams", {"topics": {place.room: 1}, "epoch": "restored"})
    stream = bob.stream(**place.topic)
    stream.cursor = named["cursor"]

    assert {"topic": place.room, "reset": True}.items() <= stream.poll()[-1].items()


@pytest.mark.parametrize("way", ["events", "poll"])
def test_somebody_elses_stream_or_none_is_not_found(place, way):
    theirs = place.browser("alice").stream(**place.topic)
    for name in (theirs.name, "x" * 40, theirs.name[:-2] + "xx"):
        response = place.browser("bob").ask("GET", f"/live/{way}/{name}")
        assert response.status == 404


@pytest.mark.parametrize("way", ["events", "poll"])
def test_a_garbled_cursor_is_refused(place, way):
    stream = place.browser("bob").stream(**place.topic)
    for word in ("%", "abc", "eJwDAAAAAAE", "x" * 5000):
        response = place.browser("bob").ask("GET", f"/live/{way}/{stream.name}?cursor={word}")
        assert response.status == 400, word


@pytest.mark.parametrize("way", ["events", "poll"])
def test_strangers_and_other_sites_get_nothing(place, way):
    bob = place.browser("bob")
    path = f"/live/{way}/{bob.stream(**place.topic).name}"

    assert bob.ask("GET", path, Cookie="").status == 403
    assert bob.ask("GET", path, Origin="https://evil.example").status == 403
    assert bob.ask("GET", path, **{"Sec-Fetch-Site": "cross-site"}).status == 403


def test_who_is_not_in_the_room_gets_nothing_of_it(place):
    mallory = place.browser("mallory")
    [answer] = [frame for frame in mallory.stream(**place.topic).poll() if frame.get("re") == 0]
    assert answer["ok"][place.room]["error"]["code"] == "not_found"

    said = command_frame("message.post", place.room, client_id="7" * 32, text="x")
    status, refused = mallory.post("/live/commands", said)
    assert (status, refused["error"]["code"]) == (404, "not_found")


def test_another_sites_form_commands_nothing(place):
    bob = place.browser("bob")
    said = command_frame("message.post", place.room, client_id="8" * 32, text="x")

    assert bob.post("/live/commands", said, **{"X-CSRFToken": "b" * 32})[0] == 403
    assert bob.post("/live/commands", said, Origin="https://evil.example")[0] == 403
    assert bob.post("/live/commands", said, Cookie=f"csrftoken={'a' * 32}")[0] == 401


def test_what_is_not_understood_is_answered(place):
    bob = place.browser("bob")

    for said, status in (
        (command_frame("message.post", place.room, text=7), 400),
        ({"do": "message.shout", "topic": place.room}, 404),
        ({"do": "message.post", "topic": "nowhere"}, 404),
        ({"do": "message.post", "more": 1}, 400),
        (command_frame("message.post", place.room, text="x" * 70_000), 413),
    ):
        assert bob.post("/live/commands", said)[0] == status, said
    unfit: list[dict[str, Any]] = [{}, {"topics": {}}, {"topics": {"me": -1}}, {"topics": ["me"]}]
    for wanted in unfit:
        assert bob.post("/live/streams", wanted)[0] == 400, wanted
    assert bob.post("/live/streams", {"topics": {"nowhere": None}})[0] == 404


def test_who_commands_too_fast_is_told_when_to_come_again(place):
    mallory = place.browser("mallory")
    said = {"do": "message.post", "topic": place.room}

    answers = (mallory.submit("/live/commands", said) for _ in range(1000))
    refused = next(one for one in answers if one.status == 429)

    assert refused.json["error"]["code"] == "too_fast"
    assert 0 < refused.json["error"]["retry_after"] <= int(refused.headers["Retry-After"])


def test_a_command_meant_for_another_history_waits(place):
    bob = place.browser("bob")
    said = command_frame("message.post", place.room, client_id="a" * 32, text="of old")
    assert bob.post("/live/commands", said | {"epoch": "restored"})[0] == 503

    epoch = bob.ask("GET", "/live/session").json["epoch"]
    assert bob.post("/live/commands", said | {"epoch": epoch})[0] == 200


def test_who_is_signed_in_is_told_the_token_for_what_they_post(place):
    bob = place.browser("bob")
    token = bob.ask("GET", "/live/session").json["csrf"]
    wanted = {"topics": place.topic_names}

    assert bob.post("/live/streams", wanted, **{"X-CSRFToken": token})[0] == 200
    assert bob.post("/live/streams", wanted, **{"X-CSRFToken": "b" * 32})[0] == 403


@pytest.mark.parametrize("way", ["events", "poll"])
def test_who_is_away_from_the_page_is_shown_as_away(place, way):
    alice, bob = place.browser("alice"), place.browser("bob")
    number = str(alice.ask("GET", "/live/session").json["person"])

    with bob.stream(me=None, people=None).events() as seen:
        for is_away, status in ((False, "online"), (True, "away")):
            stream = alice.stream(me=None)
            stream.is_away = is_away
            with ExitStack() as stack:
                if way == "events":
                    stack.enter_context(stream.events())
                else:
                    # The first ones are answered at once.
                    assert any(stream.poll(wait=3) == [] for _ in range(5))
                seen.hear_status(number, status)


def test_signing_out_ends_events_and_polls(fresh):
    bob = fresh.browser("bob")
    stream = bob.stream(**fresh.topic)
    with stream.events() as events:
        events.hear(re=0)

        assert bob.post("/accounts/logout/", {})[0] == 200
        fresh.browser("alice").do("message.post", fresh.room, client_id="9" * 32, text="secret")

        rest = events.read_to_end()
        assert rest[-1]["data"]["code"] == 4401
        assert "secret" not in str(rest)
    assert bob.ask("GET", f"/live/poll/{stream.name}").status == 403


def test_a_worker_that_goes_away_sends_its_streams_on(fresh):
    with fresh.browser("bob").stream(**fresh.topic).events() as events:
        events.hear(re=0)
        assert fresh.installation.process is not None

        fresh.installation.process.send_signal(signal.SIGTERM)

        goodbye = events.hear(event="goodbye")["data"]
        assert (goodbye["code"], goodbye["retry"]) == (4000, [0, 5])
        assert events.read_to_end() == []
