"""A token that is revoked reads nothing any more, on whichever worker, also when none was told."""

import json

import pytest

from tests.faults.fleet import Fleet
from tests.faults.test_taking_access_away import NOBODY, RECEIPTS, how, paused
from tests.servers.installation import Installation
from tests.servers.valkey import Valkey
from tests.shell import REVOKE, curl, make_token
from tests.wire import make_people

pytestmark = pytest.mark.database("sqlite")


@how
def test_a_revoked_token_reads_nothing_any_more_on_any_worker(
    fleet: Fleet, broker: Valkey, how: str
):
    first, second = (worker.installation for worker in fleet.workers)
    name = how.replace(" ", "")
    make_people(first, name)
    token, secret = make_token(first, name)
    path = "/live/events?topic=inbox"
    with curl(first, secret, path) as one, curl(second, secret, path) as other:
        one.hear('"re":0')
        other.hear('"re":0')

        with paused(broker, how):
            settings = first.settings if how == "told" else first.settings | {"REDIS_URL": NOBODY}
            elsewhere = Installation(first.var, first.database_url, settings=settings)
            elsewhere.manage("shell", "--verbosity=0", "-c", REVOKE.format(token=token))

            assert '"code":4401' in one.read_to_end()
            assert '"code":4401' in other.read_to_end()
    # Each worker confirms it, and says after how long.
    for _ in range(20):
        printed = fleet.manage("shell", "--verbosity=0", "-c", "import json\n" + RECEIPTS)
        receipts = json.loads(printed.splitlines()[-1])
        if len(receipts) == 2:
            break
    assert [sockets for _, sockets, _ in receipts] == [1, 1]
    print(f"{how}: {[milliseconds for _, _, milliseconds in receipts]} ms")  # noqa: T201
