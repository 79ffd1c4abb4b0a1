"""What nobody can ask for any more is forgotten, and who is connected does not notice."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from realtime_project.live import revocation
from realtime_project.live.database import in_database
from realtime_project.live.hub import hub
from realtime_project.live.jobs import empty_cache, forget_old_revocations
from realtime_project.live.models import Control, Revocation
from realtime_project.live.revocation import Reason
from tests.cast import sign_in
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)


def revoke_long_ago(days: int) -> Revocation:
    revocation.revoke_person(4711, Reason.PASSWORD)
    revoked = Revocation.objects.latest("rev")
    Revocation.objects.filter(pk=revoked.pk).update(created=timezone.now() - timedelta(days=days))
    return revoked


def test_revocations_are_forgotten_after_a_month():
    revoke_long_ago(days=31)
    recent = revoke_long_ago(days=29)

    forget_old_revocations()

    assert [*Revocation.objects.all()] == [recent]
    control = Control.current()
    assert control.rev == control.floor == recent.rev + 1


def test_where_none_is_old_the_stream_does_not_move():
    recent = revoke_long_ago(days=29)

    forget_old_revocations()

    assert Control.current().rev == recent.rev


async def test_forgetting_closes_nobody_and_the_next_sign_out_is_heard(alice):
    here = await in_database(sign_in, alice)
    async with connected(alice, session=here) as laptop, connected(alice) as phone:
        await in_database(revoke_long_ago, 31)

        await in_database(forget_old_revocations)
        await phone.settle()
        assert laptop.closed_with is None
        await in_database(revocation.revoke_session, here, alice.pk)

        assert await laptop.is_closed() == 4401
        assert phone.closed_with is None


async def test_a_revocation_that_was_not_told_is_carried_out_though_others_are_forgotten(
    alice, monkeypatch
):
    here = await in_database(sign_in, alice)
    async with connected(alice, session=here) as laptop:
        await in_database(revoke_long_ago, 31)
        with monkeypatch.context() as lost:
            lost.setattr(hub, "announce", lambda _: None)
            await in_database(revocation.revoke_session, here, alice.pk)

        await in_database(forget_old_revocations)

        assert await laptop.is_closed() == 4401


@pytest.fixture
def kept_counts():
    call_command("createcachetable", verbosity=0)
    cache.clear()
    yield
    cache.clear()


def test_only_what_has_expired_is_deleted_from_the_cache(kept_counts):
    cache.set("yesterday", 3, timeout=-10)
    cache.set("today", 3, timeout=3600)
    cache.set("for-ever", 3, timeout=None)

    empty_cache()

    assert cache.get("today") == cache.get("for-ever") == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache")
        assert cursor.fetchone() == (2,)
