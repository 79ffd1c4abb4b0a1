"""Pushes survive the process that sends them: none is lost, and one that comes twice takes its own
place on the screen."""

from collections.abc import Iterator

import pytest

from tests.conftest import NewInstallation
from tests.faults.inbox import shell
from tests.faults.scale import Scale
from tests.faults.test_jobs_process import until
from tests.servers.installation import Installation
from tests.servers.push_service import Browser, PushService, serve_push
from tests.wire import make_people

TURN_ON = """
import json
from notifications.push.services import subscribe
from realtime_project.accounts.models import User
from tests.cast import sign_in
bob = User.objects.get(username="bob")
subscribe(person=bob, session_key=sign_in(bob), endpoint="{endpoint}",
          public_key="{p256dh}", auth="{auth}")
print(json.dumps(bob.pk))
"""
KEY = """
import json
from notifications.push.identity import public_key
print(json.dumps(public_key()))
"""
MENTION = """
import json
from uuid import uuid4
from chat import services
from realtime_project.accounts.models import User
alice = User.objects.get(username="alice").pk
post = services.post_message(person=alice, room={room}, client_id=uuid4(), text="@bob, come")
print(json.dumps(post.pk))
"""
CLAIMS_ARE_OVER = """
import json
from django.utils import timezone
from notifications.models import Delivery
waiting = Delivery.objects.filter(channel="push", state="waiting")
print(json.dumps([waiting.exclude(claim="").count(), waiting.update(due=timezone.now())]))
"""
STATES = """
import json
from notifications.models import Delivery
print(json.dumps(list(Delivery.objects.filter(channel="push").values_list("state", flat=True))))
"""


@pytest.fixture
def push_service(tmp_path) -> Iterator[tuple[PushService, str]]:
    with serve_push(tmp_path) as (service, certificate):
        yield service, str(certificate)


@pytest.fixture
def served(
    new_installation: NewInstallation, push_service: tuple[PushService, str]
) -> Iterator[Installation]:
    service, certificate = push_service
    installation = new_installation()
    installation.settings |= {"PUSH_HOSTS": service.host, "SSL_CERT_FILE": certificate}
    with installation.served():
        yield installation


@pytest.fixture
def kills(scale: Scale) -> int:
    return 10 if scale.people > 10 else 2


def turn_on(installation: Installation, service: PushService) -> Browser:
    browser = service.subscribe(shell(installation, KEY))
    keys = browser.subscription["keys"]
    shell(installation, TURN_ON.format(endpoint=browser.endpoint, **keys))
    return browser


def test_a_process_that_is_killed_between_sending_and_marking_loses_no_push(
    served: Installation, push_service: tuple[PushService, str], kills: int
):
    """The push service has the message and has not said so yet when the process is killed."""
    service, _certificate = push_service
    room, _people = make_people(served, "alice", "bob")
    browser = turn_on(served, service)
    shell(served, MENTION.format(room=room.partition(":")[2]))
    for number in range(kills):
        with service.held(), served.doing_jobs() as process:
            service.wait_for(browser, number + 1)
            process.kill()
            process.wait()
        claimed, waiting = shell(served, CLAIMS_ARE_OVER)
        assert (claimed, waiting) == (1, 1)
    with served.doing_jobs():
        service.wait_for(browser, kills + 1)
        until(lambda: shell(served, STATES) == ["sent"], "not marked")

    assert len(browser.received) == kills + 1
    assert len({one.topic for one in browser.received}) == 1
    assert len({one.payload["tag"] for one in browser.received}) == 1
