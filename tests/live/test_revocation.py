"""Who loses access hears nothing any more."""

import asyncio
from importlib import import_module

import pytest
from django.conf import settings
from django.test import AsyncClient, Client

from realtime_project.live import handshake as gate
from realtime_project.live.database import in_database
from realtime_project.live.models import Revocation
from realtime_project.live.worker import worker
from tests.cast import PASSWORD, make_person, make_room, sign_in
from tests.sockets import Refused, Socket, connected, handshake

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(alice, bob):
    return make_room(alice, bob).key


async def test_signing_out_closes_every_tab_of_that_browser_and_no_other(alice, room):
    here = await in_database(sign_in, alice)
    async with (
        connected(alice, session=here) as tab,
        connected(alice, session=here) as other_tab,
        connected(alice) as phone,
    ):
        await in_database(sign_out, here)

        assert await tab.is_closed() == 4401
        assert await other_tab.is_closed() == 4401
        await phone.settle()
        assert phone.closed_with is None


async def test_nothing_arrives_after_the_sign_out(alice, bob, room):
    here = await in_database(sign_in, alice)
    async with connected(alice, session=here) as hers, connected(bob) as his:
        await hers.ask("subscribe", topics={room: None})
        await his.ask("subscribe", topics={room: None})
        await in_database(sign_out, here)
        await hers.is_closed()

        await his.post(room, "She is gone")
        await his.hears_message("She is gone")

        assert "She is gone" not in str(hers.frames)


async def test_a_socket_that_is_being_opened_during_the_sign_out_is_refused(alice, monkeypatch):
    here = await in_database(sign_in, alice)
    is_read, go_on, revoked = asyncio.Event(), asyncio.Event(), asyncio.Event()
    read = gate._read_session

    async def slowly(function, *args):
        result = await in_database(function, *args)
        if function is read:
            is_read.set()
            await go_on.wait()
        return result

    def note(*_: object) -> int:
        revoked.set()
        return 0

    await worker.start()
    monkeypatch.setattr(gate, "in_database", slowly)
    monkeypatch.setattr(worker.hub.connections, "close_session", note)
    opening = asyncio.ensure_future(Socket().open(handshake(here)))
    await is_read.wait()
    await in_database(sign_out, here)
    await revoked.wait()
    go_on.set()

    with pytest.raises(Refused):
        await opening


async def test_a_new_password_closes_the_other_sessions(alice):
    async with connected(alice) as phone:
        alice.set_password("another long password")
        await in_database(alice.save)

        assert await phone.is_closed() == 4401


async def test_changing_ones_own_password_keeps_this_browser_signed_in(alice):
    browser = AsyncClient()
    await browser.aforce_login(alice)
    phone = await in_database(sign_in, alice)
    async with connected(alice, session=phone) as socket:
        answer = await browser.post(
            "/accounts/password/change/",
            {
                "oldpassword": PASSWORD,
                "password1": "a wholly new one",
                "password2": "a wholly new one",
            },
        )
        assert answer.status_code == 302
        assert await socket.is_closed() == 4401

    assert (await browser.get("/live/session")).status_code == 200
    with pytest.raises(Refused):
        await Socket().open(handshake(phone))


async def test_a_deactivated_person_is_told_so(alice):
    async with connected(alice) as hers:
        alice.is_active = False
        await in_database(alice.save)

        assert await hers.is_closed() == 4403


async def test_an_admin_who_is_none_any_more_comes_back_as_what_they_are():
    carol = await in_database(make_person, "carol", is_staff=True)
    async with connected(carol) as theirs:
        carol.is_staff = False
        await in_database(carol.save)

        assert await theirs.is_closed() == 4401


async def test_a_new_name_closes_nothing(alice):
    async with connected(alice) as hers:
        alice.display_name = "Alice K."
        await in_database(alice.save)
        await hers.settle()

        assert hers.closed_with is None


def test_no_session_key_is_kept_where_it_is_revoked(alice):
    key = sign_in(alice)

    sign_out(key)

    [revoked] = Revocation.objects.all()
    assert key not in str(vars(revoked))


def test_signing_out_on_the_page_revokes_the_session(alice):
    browser = Client()
    browser.force_login(alice)
    Revocation.objects.all().delete()

    browser.post("/accounts/logout/")

    assert Revocation.objects.count() == 1


def sign_out(key: str) -> None:
    import_module(settings.SESSION_ENGINE).SessionStore(key).flush()
