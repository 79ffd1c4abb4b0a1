"""The first account of an installation."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from chat.models import Room
from realtime_project.accounts import services
from realtime_project.accounts.models import User
from tests.cast import make_person

pytestmark = pytest.mark.django_db(transaction=True)

ALICE = {
    "display_name": "Alice Kim",
    "username": "alice",
    "email": "alice@example.org",
    "password1": "correct horse battery staple",
}


@pytest.fixture
def link() -> str:
    return f"/setup/{services.setup_token()}/"


def test_the_link_makes_the_owner_and_a_first_room(link: str):
    browser = Client()

    answer = browser.post(link, ALICE, follow=True)

    owner = User.objects.get()
    assert (owner.username, owner.is_owner, owner.is_superuser) == ("alice", True, True)
    room = Room.objects.get()
    assert room.name == "general"
    assert answer.redirect_chain[-1][0] == f"/rooms/{room.pk}/"


def test_the_link_works_once(link: str):
    Client().post(link, ALICE)

    answer = Client().get(link)

    assert answer.status_code == 410
    assert answer.context["done"] is True


def test_a_wrong_link_is_refused_without_a_hint(link: str):
    answer = Client().post("/setup/guessed/", ALICE)

    assert answer.status_code == 410
    assert answer.context["done"] is False
    assert not User.objects.exists()


def test_once_there_is_a_superuser_the_link_is_dead(link: str):
    make_person("bob", is_superuser=True)

    assert Client().post(link, ALICE).status_code == 410
    assert User.objects.count() == 1


def test_of_two_at_once_one_wins_and_the_other_is_told(link: str):
    answers: dict[str, int] = {}
    start = Barrier(2)

    def set_up(name: str) -> None:
        start.wait()
        fields = ALICE | {"username": name, "email": f"{name}@example.org"}
        answers[name] = Client().post(link, fields).status_code
        connection.close()

    both = [Thread(target=set_up, args=[name]) for name in ("alice", "mallory")]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(answers.values()) == [302, 410]
    assert User.objects.filter(is_owner=True).count() == 1
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("password1", "12345"), ("password1", "alice@example.org"), ("email", "x"), ("username", "")],
)
def test_what_is_wrong_is_said_beside_the_field(link: str, field: str, value: str):
    answer = Client().post(link, ALICE | {field: value})

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not User.objects.exists()


def test_the_setup_token_is_kept_for_its_owner_only(settings):
    services.setup_token()

    assert (settings.VAR / "setup_token").stat().st_mode & 0o777 == 0o600
    assert (settings.VAR / "secret_key").stat().st_mode & 0o777 == 0o600
