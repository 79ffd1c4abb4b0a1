"""Letters survive the process that sends them: none is lost, and one that is sent twice says so."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.conftest import NewInstallation
from tests.faults.inbox import mention, shell
from tests.faults.scale import Scale
from tests.faults.test_jobs_process import until
from tests.servers.installation import Installation
from tests.servers.smtp import MailServer, serve_mail
from tests.wire import make_people

AT_ONCE = """
import json
from notifications.decision import Channels, Mail
from notifications.preferences.services import Chosen, save_preferences
from notifications.quiet_hours import NEVER
from realtime_project.accounts.models import User
bob = User.objects.get(username="bob").pk
at_once = {"chat.mention": Channels(in_app=True, email=Mail.INSTANT)}
save_preferences(person=bob, chosen=Chosen(at_once, NEVER, True, (), (), ()))
print(json.dumps(bob))
"""
CLAIMS_ARE_OVER = """
import json
from django.utils import timezone
from notifications.models import Delivery
waiting = Delivery.objects.filter(state="waiting")
print(json.dumps([waiting.exclude(claim="").count(), waiting.update(due=timezone.now())]))
"""
STATES = """
import json
from notifications.models import Delivery
print(json.dumps(list(Delivery.objects.values_list("state", flat=True))))
"""


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with serve_mail() as server:
        yield server


@pytest.fixture
def served(new_installation: NewInstallation, mail_server: MailServer) -> Iterator[Installation]:
    installation = new_installation()
    installation.settings |= {"EMAIL_URL": mail_server.url, "SITE_URL": installation.url}
    with installation.served():
        yield installation


@pytest.fixture
def kills(scale: Scale) -> int:
    return 10 if scale.people > 10 else 2


def test_a_process_that_is_killed_between_claiming_and_marking_loses_no_letter(
    served: Installation, mail_server: MailServer, kills: int
):
    """The mail server has taken the letter and has not said so yet when the process is killed."""
    room, _people = make_people(served, "alice", "bob")
    shell(served, AT_ONCE)
    shell(served, mention(room, 1, at_once=1, per_second=1))
    taken: list[EmailMessage] = []
    for _ in range(kills):
        with mail_server.held() as arrived, served.doing_jobs() as process:
            assert arrived.wait(90)
            process.kill()
            process.wait()
        taken.append(mail_server.next_letter())
        claimed, waiting = shell(served, CLAIMS_ARE_OVER)
        assert (claimed, waiting) == (1, 1)
    with served.doing_jobs():
        taken.append(mail_server.next_letter())
        until(lambda: shell(served, STATES) == ["sent"], "not marked")

    assert mail_server.is_empty()
    assert len({letter["Message-ID"] for letter in taken}) == 1
    assert len(taken) == kills + 1
