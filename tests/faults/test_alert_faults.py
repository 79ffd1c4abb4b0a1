"""Leaders are killed in the middle of what they tell: others go on, and nothing is told twice."""

import os
import signal
from contextlib import ExitStack

import pytest

from tests.conftest import NewInstallation
from tests.journeys.stage import run
from tests.servers.installation import Installation
from tests.wire import make_people

RULES = 30

WATCH = """
import json, time
from chat.models import Room
from dashboard.alerts.speaking import enter
from dashboard.models.alerts import Rule
from dashboard.storage.points import single
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store
room = Room.objects.order_by("pk").first()
enter(room, invited_by=None)
key = key_of("queue", {{}})
[pk] = series_for([Described(key, "gauge", "")]).values()
now = int(time.time())
# For three whole windows at least, wherever the steps of time begin.
values = [(at, 900.0 if 0 <= at - now < 40 else 1.0) for at in range(now - 60, now + 600)]
store([Report("test", [(at, pk, single(value, at)) for at, value in values])])
for number in range({rules}):
    Rule.objects.create(
        name=f"Rule {{number}}", query={{"metric": "queue", "fn": "min"}}, room=room,
        window=10, threshold=100, after=10, keep=0, severity="critical",
    )
print("true")
"""
# Whoever leads when so much has been told is asked for by name.
LEADER = """
import json, time
from dashboard.models import Lease
from dashboard.models.alerts import AlertEvent
deadline = time.monotonic() + 30
while AlertEvent.objects.count() < {told} and time.monotonic() < deadline:
    time.sleep(0.01)
print(json.dumps([AlertEvent.objects.count(), Lease.objects.get(name="leader").holder]))
"""
TOLD = """
import json
from dashboard.models.alerts import Alert, AlertEvent
events = AlertEvent.objects.order_by("alert", "number")
from chat.models import Message
print(json.dumps({
    "events": [[one.alert_id, one.number, one.what, one.at.timestamp()] for one in events],
    "messages": [one.text for one in Message.objects.filter(author__is_bot=True)],
}))
"""


# It waits for steps of ten seconds, and starts three processes and as many shells.
@pytest.mark.timeout(600)
def test_leaders_that_are_killed_are_gone_on_from(new_installation: NewInstallation):
    installation = new_installation()
    # Somebody must be in a room for it to be there.
    make_people(installation, "alice", "bob")
    with ExitStack() as stack:
        processes = {}
        for _number in range(3):
            process = stack.enter_context(installation.doing_jobs())
            processes[process.pid] = process
        run(installation, WATCH.format(rules=RULES))
        killed = []
        for told in (3, RULES + 3):
            count, pid = leader(installation, told)
            assert count >= told
            os.kill(pid, signal.SIGKILL)
            processes[pid].wait()
            killed.append(pid)
        leader(installation, 2 * RULES)

    assert len(set(killed)) == 2
    found = run(installation, TOLD)
    by_alert: dict[int, list[str]] = {}
    for alert, number, what, _at in found["events"]:
        by_alert.setdefault(alert, []).append(what)
        assert number == len(by_alert[alert])
    assert list(by_alert.values()) == [["firing", "resolved"]] * RULES
    # As of the step at which it happened, whoever came to tell of it, and however late.
    assert len({at for _alert, _number, what, at in found["events"] if what == "firing"}) == 1
    assert len({at for _alert, _number, what, at in found["events"] if what == "resolved"}) == 1
    assert len(found["messages"]) == RULES
    assert all("Resolved after" in text for text in found["messages"])


def leader(installation: Installation, told: int) -> tuple[int, int]:
    """Wait until so many things have been told; how many, and which process leads then."""
    for _attempt in range(8):
        count, holder = run(installation, LEADER.format(told=told))
        if count >= told:
            break
    # A host may have dashes in its name: what follows it is the process and a mark.
    return count, int(holder.split("-")[-2])
