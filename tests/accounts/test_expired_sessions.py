"""A session that has expired is the end of the sockets that it opened."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from realtime_project.accounts import sessions
from realtime_project.accounts.jobs import end_expired_sessions
from realtime_project.accounts.models import Session
from realtime_project.live.database import in_database
from realtime_project.live.models import Control, Revocation
from tests.cast import sign_in
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)


def expire(*keys: str) -> None:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Session.objects.filter(session_key__in=keys).update(expire_date=an_hour_ago)


async def test_the_sockets_of_expired_sessions_are_closed_and_no_others(alice):
    old, new = await in_database(sign_in, alice), await in_database(sign_in, alice)
    async with connected(alice, session=old) as laptop, connected(alice, session=new) as phone:
        await in_database(expire, old)

        await in_database(end_expired_sessions)

        assert await laptop.is_closed() == 4401
        await phone.settle()
        assert phone.closed_with is None
    assert [key async for key in Session.objects.values_list("session_key", flat=True)] == [new]


def test_however_many_have_expired_each_is_revoked_at_a_rev_of_its_own(alice, monkeypatch):
    monkeypatch.setattr(sessions, "MAX_AT_ONCE", 3)
    kept = sign_in(alice)
    expire(*[sign_in(alice) for _ in range(10)])
    before = Control.current().rev

    end_expired_sessions()

    revs = Revocation.objects.order_by("rev").values_list("rev", flat=True)
    assert [*revs] == [*range(before + 1, before + 11)]
    assert Control.current().rev == before + 10
    assert [one.session_key for one in Session.objects.all()] == [kept]


def test_djangos_own_command_closes_sockets_as_well(alice):
    expire(sign_in(alice))

    call_command("clearsessions")

    assert Revocation.objects.get().person == alice.pk


def test_a_session_of_nobody_goes_without_a_word():
    store = sessions.SessionStore()
    store["language"] = "en"
    store.create()
    expire(str(store.session_key))

    end_expired_sessions()

    assert not Session.objects.exists()
    assert not Revocation.objects.exists()


def test_where_nothing_has_expired_nothing_happens(alice):
    sign_in(alice)

    end_expired_sessions()

    assert Session.objects.count() == 1
    assert Control.current().rev == 0
