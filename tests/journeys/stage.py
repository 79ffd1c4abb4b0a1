"""An installation with Alice, Bob and Mallory in it, who come and go as the journeys want."""

import json
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from tests.journeys.page import ChatPage
from tests.servers.chromium import Visitors
from tests.servers.installation import Installation

SESSIONS = 32
CSRF_TOKEN = "a" * 32

MAKE_PEOPLE = """
import json
from tests.cast import make_person, sign_in
people = [make_person(name) for name in {names}]
print(json.dumps({{
    person.username: [sign_in(person) for _ in range({sessions})] for person in people
}}))
"""


@dataclass
class Troupe:
    """The people of one installation and their sessions, a new one for each visit."""

    installation: Installation
    sessions: dict[str, list[str]]

    def post(self, person: str, path: str, **fields: str) -> str:
        """Send a form as this person, without a browser, and return the path it leads to."""
        body = urlencode(fields | {"csrfmiddlewaretoken": CSRF_TOKEN})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={self.sessions[person][0]}; csrftoken={CSRF_TOKEN}",
        }
        connection = HTTPConnection("127.0.0.1", self.installation.port, timeout=60)
        with closing(connection):
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            assert response.status == 302, response.read().decode()
            return response.headers["Location"]


@dataclass
class Stage:
    """What a journey begins with: rooms, and people who enter them in browsers of their own."""

    troupe: Troupe
    visitors: Visitors

    def room(self, name: str, *people: str, **fields: str) -> str:
        """Make a room of the first person, which the others join, and return its path."""
        owner, *others = people
        path = self.troupe.post(owner, "/rooms/new/", name=name, is_history_open="on", **fields)
        for person in others:
            self.troupe.post(person, f"{path}join/")
        return path

    def enter(self, person: str, path: str = "/", **options: Any) -> ChatPage:
        """Open a page in a browser of this person's own, signed in."""
        return ChatPage(self.visit(person, **options).page).open(path)

    def visit(self, person: str, **options: Any) -> ChatPage:
        """The same with nothing opened yet."""
        page = self.visitors(**options)
        session = self.troupe.sessions[person].pop()
        page.context.add_cookies(
            [{"name": "sessionid", "value": session, "url": self.visitors.base_url}]
        )
        return ChatPage(page)


def gather(installation: Installation, *names: str) -> Troupe:
    """Make people who are new in an installation."""
    script = MAKE_PEOPLE.format(names=names, sessions=SESSIONS)
    return Troupe(installation, run(installation, script))


def run(installation: Installation, script: str) -> Any:
    """Run a script within an installation and return what it printed as JSON."""
    printed = installation.manage("shell", "--no-imports", "--verbosity=0", "-c", script)
    return json.loads(printed.splitlines()[-1])
