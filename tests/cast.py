"""The people in the tests. Alice and Bob share a room; Mallory is in none of theirs."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from chat import services
from chat.models import Room
from realtime_project.accounts.models import User

PASSWORD = "correct horse battery staple"


def make_person(username: str, **fields: Any) -> User:
    """Make somebody with an account, who has been to the chat page once."""
    person = User(
        username=username,
        email=f"{username}@example.org",
        display_name=username.capitalize(),
        **fields,
    )
    person.set_password(PASSWORD)
    person.save()
    services.welcome(person.pk)
    return person


def make_room(*people: User, name: str = "releases", **fields: Any) -> Room:
    """Make a room of the first person, which the others join."""
    owner, *others = people
    room = services.create_room(person=owner.pk, name=name, **fields)
    for person in others:
        services.join_room(person=person.pk, room=room.pk)
    return room


def sign_in(person: User) -> str:
    """Return the key of a new session."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)
