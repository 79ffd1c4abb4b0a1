"""Boards of a server as it runs: what it measures of itself is what they show."""

import json
import time

from tests.asking import get
from tests.servers.installation import Installation
from tests.wire import client

MAKE_STAFF = """
from tests.cast import make_person, sign_in
from tests.hashing import hash_passwords_fast
hash_passwords_fast()
print(sign_in(make_person("sam", is_staff=True)))
"""


def sign_in_staff(installation: Installation) -> str:
    printed = installation.manage("shell", "--verbosity=0", "-c", MAKE_STAFF)
    return printed.splitlines()[-1]


def test_the_overview_opens_full_and_goes_on(live_server_process):
    session = sign_in_staff(live_server_process)
    with client(live_server_process, session) as sam:
        loaded = shown(live_server_process, session)
        answer = sam.subscribe("board:overview", loaded["rev"])["ok"]["board:overview"]
        assert answer["rev"] >= loaded["rev"]

        sam.hear(lambda frame: open_sockets(sam.frames) == 1)

        told = [frame for frame in sam.frames if frame.get("topic") == "board:overview"]
        assert not any(frame.get("reset") for frame in told)
        assert told[0]["from"] == loaded["rev"]
        page = get(live_server_process.port, "/boards/overview/", cookie=f"sessionid={session}")
        assert "Open sockets" in page.text


def shown(installation: Installation, session: str):
    """What the overview shows, once the server has measured its first seconds."""
    deadline = time.monotonic() + 90
    while True:
        address = "/boards/overview/data"
        data = json.loads(get(installation.port, address, cookie=f"sessionid={session}").body)
        if data["panels"]["p1"]["lanes"] and data["workers"]:
            return data
        assert time.monotonic() < deadline, data


def open_sockets(frames) -> float | None:
    """The newest number of the first panel."""
    rows = [row for frame in frames for row in frame.get("rows", ()) if row["kind"] == "second"]
    return rows[-1]["panels"].get("p1", [None])[0] if rows else None
