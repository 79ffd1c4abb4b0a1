"""Workers say what they have carried out."""

import time

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from realtime_project.live import receipts, revocation
from realtime_project.live.database import in_database
from realtime_project.live.models import Receipt, Revocation
from realtime_project.live.receipts import Receipts
from tests.cast import make_person, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice():
    return make_person("alice", is_staff=True, is_superuser=True)


def revoked_sessions(person, count: int) -> list[Revocation]:
    for _ in range(count):
        revocation.revoke_session(sign_in(person), person.pk)
    return list(Revocation.objects.order_by("rev"))


async def test_a_thousand_receipts_are_a_handful_of_writes(alice, monkeypatch):
    monkeypatch.setattr(receipts, "GATHER_SECONDS", 0.01)
    revoked = await in_database(revoked_sessions, alice, 20)
    written = []

    async def count(stream, function, *args):
        written.append(args)
        await in_database(function, *args)

    monkeypatch.setattr(receipts, "write_in_database", count)
    mine = Receipts("worker 1")
    for one in revoked:
        mine.note(revocation.Done(one.pk, sockets=2, at=time.monotonic()))
    assert mine._writing is not None
    await mine._writing

    assert len(written) == 1
    assert await in_database(Receipt.objects.filter(worker="worker 1", sockets=2).count) == 20


async def test_a_receipt_waits_until_the_database_is_back(alice, monkeypatch):
    monkeypatch.setattr(receipts, "GATHER_SECONDS", 0.01)
    monkeypatch.setattr(receipts, "AGAIN_SECONDS", 0.01)
    first, second = await in_database(revoked_sessions, alice, 2)
    faults = [OperationalError("database is locked"), OperationalError("server closed")]
    mine = Receipts("worker 1")

    async def fail_at_first(stream, function, *args):
        if faults:
            mine.note(revocation.Done(second.pk, sockets=1, at=time.monotonic()))
            raise faults.pop()
        await in_database(function, *args)

    monkeypatch.setattr(receipts, "write_in_database", fail_at_first)
    mine.note(revocation.Done(first.pk, sockets=2, at=time.monotonic()))
    assert mine._writing is not None
    await mine._writing

    stored = await in_database(lambda: set(Receipt.objects.values_list("revocation", "sockets")))
    assert stored == {(first.pk, 2), (second.pk, 1)}


def test_the_time_is_from_the_revocation_to_the_closing(alice):
    [revoked] = revoked_sessions(alice, 1)
    began = revoked.created

    revocation.confirm("worker 1", [revocation.Done(revoked.pk, 1, time.monotonic() - 60)])
    revocation.confirm("worker 2", [revocation.Done(revoked.pk, 1, time.monotonic())])

    early, late = Receipt.objects.order_by("worker")
    # Closed a minute before it was revoked: clocks can be set, but no time is less than none.
    assert early.milliseconds == 0
    assert late.milliseconds <= (timezone.now() - began).total_seconds() * 1000 + 100


def test_the_same_receipt_twice_is_one(alice):
    [revoked] = revoked_sessions(alice, 1)
    for _ in range(2):
        revocation.confirm("worker 1", [revocation.Done(revoked.pk, 1, time.monotonic())])

    assert Receipt.objects.count() == 1


def test_the_admin_lists_them_with_few_queries(alice, django_assert_max_num_queries):
    for revoked in revoked_sessions(alice, 30):
        for worker in ("worker 1", "worker 2"):
            revocation.confirm(worker, [revocation.Done(revoked.pk, 2, time.monotonic())])
    browser = Client()
    browser.force_login(alice)

    with django_assert_max_num_queries(8):
        listed = browser.get("/admin/live/revocation/").content.decode()

    assert listed.count("signed_out") >= 30
    assert "alice" in listed
    revoked = Revocation.objects.earliest("rev")
    shown = browser.get(f"/admin/live/revocation/{revoked.pk}/change/").content.decode()
    assert "worker 1" in shown
    assert "worker 2" in shown
    assert browser.post(f"/admin/live/revocation/{revoked.pk}/delete/").status_code == 403
