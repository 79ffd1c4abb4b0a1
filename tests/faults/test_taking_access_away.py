"""Whoever is signed out, removed or expired hears nothing afterwards, on whichever worker they
are, and also when the workers were not told."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.fleet import Fleet
from tests.servers.installation import Installation
from tests.servers.valkey import Valkey
from tests.wire import Client, client

pytestmark = pytest.mark.database("sqlite")

IN_DATABASE = """
import json
from importlib import import_module
from django.conf import settings
from chat.models import Membership
from realtime_project.accounts.models import Session, User
from chat import services
store = import_module(settings.SESSION_ENGINE).SessionStore
person = int(store("{session}")["_auth_user_id"])
room = int("{room}".partition(":")[2])
"""
SIGN_OUT = 'store("{session}").flush()'
PASSWORD = """
bob = User.objects.get(pk=person)
bob.set_password("another one")
bob.save()
"""
DEACTIVATE = """
bob = User.objects.get(pk=person)
bob.is_active = False
bob.save()
"""
STAFF_NO_MORE = """
User.objects.filter(pk=person).update(is_staff=True)
bob = User.objects.get(pk=person)
bob.is_staff = False
bob.save()
"""
REMOVE = """
owner = Membership.objects.get(room=room, role="owner").person_id
services.remove_member(person=owner, room=room, member=person)
"""

# A broker that is not there: what happens is stored, and no worker is told of it.
NOBODY = "redis://127.0.0.1:1/0"
how = pytest.mark.parametrize("how", ["told", "not told", "without a broker"])


class Scene:
    """Alice on the first worker, Bob on the second with two sockets of one session."""

    def __init__(self, fleet: Fleet, name: str) -> None:
        self.fleet = fleet
        [self.room], self.sessions = fleet.make_rooms(name, people=2, rooms=1)

    @contextmanager
    def played(self) -> "Iterator[tuple[Client, Client]]":
        first, second = (worker.installation for worker in self.fleet.workers)
        with client(first, self.sessions[0]) as alice, client(second, self.sessions[1]) as bob:
            for one in (alice, bob):
                one.ask(do="subscribe", topics={self.room: 0, "me": 0})
            alice.post(self.room, "both hear this")
            bob.hear_all(self.room, 1)
            yield alice, bob

    def do(self, script: str, how: str) -> None:
        """Do something to Bob in a process that is no worker."""
        script = (IN_DATABASE + script).format(session=self.sessions[1], room=self.room)
        first = self.fleet.workers[0].installation
        settings = first.settings if how == "told" else first.settings | {"REDIS_URL": NOBODY}
        Installation(first.var, first.database_url, settings=settings).manage(
            "shell", "--verbosity=0", "-c", script
        )

    def until_receipts(self, workers: int) -> list[tuple[str, int, int]]:
        """Wait until so many workers have confirmed the newest revocation."""
        first = self.fleet.workers[0].installation
        for _ in range(20):
            printed = first.manage("shell", "--verbosity=0", "-c", "import json\n" + RECEIPTS)
            receipts: list[tuple[str, int, int]] = json.loads(printed.splitlines()[-1])
            if len(receipts) >= workers:
                return receipts
        raise AssertionError(f"only {receipts}")


@contextmanager
def paused(broker: Valkey, how: str) -> Iterator[None]:
    """Without a broker, if that is how it is."""
    if how == "without a broker":
        broker.process.send_signal(signal.SIGSTOP)
    yield
    broker.process.send_signal(signal.SIGCONT)


@how
def test_who_signs_out_is_closed_and_hears_nothing_more(fleet: Fleet, broker: Valkey, how: str):
    scene = Scene(fleet, f"ends{how}")
    with scene.played() as (alice, bob), paused(broker, how):
        scene.do(SIGN_OUT, how)

        assert bob.close_code() == 4401
        heard = len(bob.frames)
        assert bob.frames[-1]["event"] == "goodbye"
        alice.post(scene.room, "he does not hear this")
        assert bob.close_code() == 4401
        assert len(bob.frames) == heard


@pytest.mark.parametrize(
    ("act", "code"),
    [(PASSWORD, 4401), (DEACTIVATE, 4403), (STAFF_NO_MORE, 4401)],
    ids=["password", "deactivated", "staff no more"],
)
def test_who_loses_an_account_or_rights_is_closed_though_nobody_told_the_workers(
    fleet: Fleet, act: str, code: int
):
    scene = Scene(fleet, f"rights{code}{len(act)}")
    with scene.played() as (alice, bob):
        scene.do(act, "not told")

        assert bob.close_code() == code
        alice.post(scene.room, "he does not hear this")
        assert "he does not" not in json.dumps(bob.frames)


@how
def test_who_was_removed_hears_nothing_that_is_said_afterwards(
    fleet: Fleet, broker: Valkey, how: str
):
    scene = Scene(fleet, f"removed{how}")
    with scene.played() as (alice, bob), paused(broker, how):
        scene.do(REMOVE, how)
        for number in range(5):
            alice.post(scene.room, f"secret {number}")

        left = bob.hear(lambda frame: frame.get("event") == "left")
        # Two rows say it, and either may be found first.
        assert left["data"]["code"] == "removed"
        alice.post(scene.room, "secret too")
        # What the worker has to say is said once it has answered; the broker was no slower.
        alice.hear_all(scene.room, 7)
        bob.ask(do="subscribe", topics={"me": 0})
        assert "secret" not in json.dumps(bob.frames)
        answer = bob.ask(do="subscribe", topics={scene.room: 0})
        assert answer["ok"][scene.room]["error"]["code"] == "not_found"


RECEIPTS = """
from realtime_project.live.models import Receipt
last = Receipt.objects.order_by("-revocation__rev").first().revocation
print(json.dumps(list(last.receipts.values_list("worker", "sockets", "milliseconds"))))
"""


def test_each_worker_confirms_a_sign_out_and_says_how_long_it_took(fleet: Fleet):
    scene = Scene(fleet, "receipts")
    with scene.played() as (_, bob):
        scene.do(SIGN_OUT, "told")
        assert bob.close_code() == 4401

        receipts = scene.until_receipts(workers=2)

    assert sorted(sockets for _, sockets, _ in receipts) == [0, 1]
    for worker, sockets, milliseconds in receipts:
        said = f"Revoked (signed_out) on {worker}: {sockets} sockets after {milliseconds} ms"
        assert any(said in one.log for one in fleet.workers)
    print(f"receipts: {receipts}")  # noqa: T201


EXPIRE = """
from django.utils import timezone
from datetime import timedelta
soon = timezone.now() + timedelta(seconds=6)
Session.objects.filter(session_key="{session}").update(expire_date=soon)
"""


def test_whose_session_expires_is_closed(fleet: Fleet):
    scene = Scene(fleet, "expires")
    scene.do(EXPIRE, "told")
    with scene.played() as (alice, bob):
        assert bob.close_code() == 4401
        alice.post(scene.room, "he does not hear this")
        assert "he does not" not in json.dumps(bob.frames)
