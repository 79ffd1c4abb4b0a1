"""The server is killed while people talk, and started again."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import NewInstallation
from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage, gather
from tests.servers.chromium import Visitors
from tests.servers.installation import Installation

SPOKEN = re.compile(r"\b(?:alice|bob) \d+\b")
WHILE_IT_RAN, WHILE_IT_WAS_GONE = range(1, 6), range(6, 9)


@pytest.fixture(scope="module")
def live_server_process(new_installation: NewInstallation) -> Installation:
    """An installation that the journey itself serves, kills and serves again."""
    return new_installation()


def test_a_killed_server_loses_and_doubles_nothing(
    live_server_process: Installation, visitors: Visitors
):
    with live_server_process.served() as server:
        stage = Stage(gather(server, "alice", "bob"), visitors)
        path = stage.room("restart", "alice", "bob")
        alice, bob = stage.enter("alice", path), stage.enter("bob", path)
        write(alice, bob, WHILE_IT_RAN)
        kill(server)
    write(alice, bob, WHILE_IT_WAS_GONE)

    with live_server_process.served():
        heard = everything(alice)
        assert everything(bob) == heard
        for name in ("alice", "bob"):
            assert [text for text in heard if text.startswith(name)] == [
                f"{name} {number}" for number in (*WHILE_IT_RAN, *WHILE_IT_WAS_GONE)
            ]
        alice.page.reload()
        assert everything(alice) == heard
        # A server that was away is no reason to go another way.
        for one in (alice, bob):
            one.expect_transport("websocket")


def write(alice: ChatPage, bob: ChatPage, numbers: range) -> None:
    for number in numbers:
        alice.say(f"alice {number}")
        bob.say(f"bob {number}")


def kill(server: Installation) -> None:
    assert server.process is not None
    server.process.kill()
    server.process.wait()


def everything(reader: ChatPage) -> list[str]:
    """What a page shows once all of it has come and nothing waits any more."""
    total = 2 * (len(WHILE_IT_RAN) + len(WHILE_IT_WAS_GONE))
    spoken = reader.log.get_by_role("listitem").filter(has_text=SPOKEN)
    expect(reader.waiting).to_have_count(0)
    expect(spoken).to_have_count(total)
    return SPOKEN.findall("\n".join(spoken.all_inner_texts()))
