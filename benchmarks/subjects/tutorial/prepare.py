"""Make the tutorial's database, and print the sessions of so many people."""

import json
import sys

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import transaction

from benchmarks.subjects.tutorial import site  # noqa: F401 (sets Django up)


def main() -> None:
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        sessions = [sign_in(f"person{number}") for number in range(int(sys.argv[1]))]
    sys.stdout.write(json.dumps(sessions))


def sign_in(name: str) -> str:
    person = get_user_model().objects.create(username=name, password="!")  # noqa: S106
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main()
