"""A hundred programs that say the same at once, on a real server."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection

from tests.servers.installation import Installation
from tests.shell import make_token, shell
from tests.wire import make_people

COUNT = """
from chat.models import Message
from notifications.models import Published
print([Published.objects.count(), Message.objects.filter(via="api").count()])
"""


def post(installation: Installation, secret: str, target: str, key: str) -> tuple[int, int]:
    """Say something in a connection of its own; returns the status, and what it is known by."""
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
    with closing(HTTPConnection("127.0.0.1", installation.port, timeout=50)) as connection:
        connection.request("POST", f"/api/v1/notify/{target}", "only once", headers)
        with connection.getresponse() as response:
            return response.status, json.loads(response.read()).get("id", 0)


def test_the_same_key_a_hundred_times_at_once_is_one_post(live_server_process: Installation):
    room, _ = make_people(live_server_process, "alice", "bob")
    _, secret = make_token(live_server_process, "alice", scope="notify")
    target = room.replace(":", "/")

    with ThreadPoolExecutor(100) as threads:
        asked = [
            threads.submit(post, live_server_process, secret, target, "once") for _ in range(100)
        ]
        answers = [one.result() for one in asked]

    assert {status for status, _ in answers} == {201}
    assert len({number for _, number in answers}) == 1
    assert shell(live_server_process, COUNT) == "[1, 1]"
