"""The bell follows the inbox on every transport, and what is read on one is read on the others."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.conftest import NewInstallation
from tests.journeys.stage import Stage
from tests.journeys.test_fallbacks import LONG, swallow_all, swallow_sockets
from tests.journeys.test_inbox import expect_count, toasts
from tests.servers.installation import Installation
from tests.servers.proxy import Proxy


@pytest.fixture(scope="module")
def live_server_process(new_installation: NewInstallation) -> Iterator[Installation]:
    """With a process for jobs, which tells people what happened."""
    with new_installation().served(jobs=True) as installation:
        yield installation


@pytest.mark.parametrize(
    ("block", "transport"), [(swallow_sockets, "events"), (swallow_all, "polling")]
)
def test_the_bell_rings_and_is_silenced_as_over_a_websocket(
    stage: Stage, proxy: Proxy, block, transport: str
):
    room, alone = stage.room(f"by-{transport}", "alice", "bob"), f"bob-by-{transport}"
    block(proxy)
    bob = stage.visit("bob", base_url=proxy.url)
    bob.page.goto(stage.room(alone, "bob"))
    bob.expect_transport(transport, timeout=LONG)
    other = stage.enter("bob", "/rooms/").expect_transport("websocket")
    alice = stage.enter("alice", room)

    alice.say("@bob one").expect_said("one")
    for one in (bob, other):
        expect_count(one.page, 1)
    expect(toasts(bob.page)).to_have_text([f"Alice mentioned you in by-{transport}."])
    alice.say("@bob two").expect_said("two")
    for one in (bob, other):
        expect_count(one.page, 2)

    other.page.get_by_role("button", name="Inbox").click()
    other.dialog.get_by_role("button", name="Mark all as read").click()
    for one in (other, bob):
        expect_count(one.page, 0)
    expect(toasts(bob.page)).to_have_count(0)
