"""What concerns somebody reaches their browsers, by a push service as strict as real ones."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from chat import services as chat
from chat.models import Room
from notifications import jobs
from notifications import services as notifications
from notifications.deliveries import sending
from notifications.deliveries.channels import PUSH
from notifications.deliveries.models import Delivery, State, Why
from notifications.models import Subscription
from notifications.push import posting
from notifications.push.encryption import MAX_PLAIN
from notifications.push.identity import public_key
from notifications.push.payload import Payload
from notifications.push.sending import MAX_EACH, Letter, deliver
from notifications.push.services import MAX_FAILURES, MAX_SILENT, subscribe
from realtime_project.accounts.models import User
from tests.cast import sign_in
from tests.notifications.reading import poke
from tests.servers.process import free_port
from tests.servers.push_service import Browser, PushService, serve_push

pytestmark = pytest.mark.django_db(transaction=True)
Subscribe = Callable[[User], Browser]


@pytest.fixture(scope="module")
def running_service(tmp_path_factory) -> Iterator[tuple[PushService, str]]:
    with serve_push(tmp_path_factory.mktemp("push")) as (service, certificate):
        yield service, str(certificate)


@pytest.fixture
def service(running_service, monkeypatch, settings) -> Iterator[PushService]:
    service, certificate = running_service
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    settings.PUSH_HOSTS = [service.host]
    posting.tls.cache_clear()
    yield service
    posting.tls.cache_clear()
    service.answers.clear()
    service.limit = 4096


@pytest.fixture
def browser_of(service: PushService) -> Subscribe:
    def make(person: User) -> Browser:
        browser = service.subscribe(public_key())
        keys = browser.subscription["keys"]
        subscribe(
            person=person,
            session_key=sign_in(person),
            endpoint=browser.endpoint,
            public_key=keys["p256dh"],
            auth=keys["auth"],
        )
        return browser

    return make


def push_all() -> None:
    """Do what the jobs process does, until nothing is due."""
    while notifications.tell_what_happened():
        pass
    while sending.deliver(PUSH):
        pass


def make_due() -> None:
    """Let the time pass that something waits before it is tried again."""
    Delivery.objects.filter(state=State.WAITING).update(due=timezone.now())


def test_a_mention_is_decided_delivered_and_read_by_the_browser(
    alice: User, bob: User, releases: Room, browser_of: Subscribe
):
    hers, his = browser_of(alice), browser_of(bob)
    posted = chat.post_message(
        person=bob.pk, room=releases.pk, client_id=uuid4(), text="@alice, it is out"
    )

    push_all()

    [pushed] = hers.received
    assert pushed.payload["title"] == "releases"
    assert "Bob" in pushed.payload["body"]
    assert pushed.payload["url"] == f"/rooms/{releases.pk}/@{posted.seq}"
    assert pushed.payload["unread"] == 1
    assert his.received == []
    assert [one.state for one in Delivery.objects.filter(person=alice)] == [State.SENT]


def test_it_goes_to_each_of_ones_browsers_and_in_ones_language(alice: User, browser_of: Subscribe):
    browsers = [browser_of(alice), browser_of(alice)]

    notifications.notify(poke(alice))
    push_all()

    assert [len(one.received) for one in browsers] == [1, 1]
    assert all(one.told for one in Subscription.objects.all())


def test_a_newer_event_takes_the_place_of_the_older_one(alice: User, browser_of: Subscribe):
    browser = browser_of(alice)

    notifications.notify(poke(alice, group="pokes", key="1", priority=5))
    push_all()
    notifications.notify(poke(alice, group="pokes", key="2", priority=5))
    push_all()
    notifications.notify(poke(alice))
    push_all()

    first, second, other = browser.received
    assert first.topic == second.topic != other.topic
    assert first.payload["tag"] == second.payload["tag"] != other.payload["tag"]


@pytest.mark.parametrize(("priority", "urgency"), [(1, "very-low"), (3, "normal"), (5, "high")])
def test_urgency_goes_by_priority(alice: User, browser_of: Subscribe, priority: int, urgency: str):
    browser = browser_of(alice)

    notifications.notify(poke(alice, priority=priority))
    push_all()

    [pushed] = browser.received
    assert pushed.urgency == urgency
    assert 0 < pushed.ttl <= timedelta(days=28).total_seconds()


def test_who_has_no_browser_has_no_delivery(alice: User, service: PushService):
    notifications.notify(poke(alice))
    push_all()

    assert not Delivery.objects.filter(channel=PUSH).exists()


def test_a_few_things_at_once_are_told_one_by_one(alice: User, browser_of: Subscribe):
    browser = browser_of(alice)
    notifications.notify(poke(alice))
    notifications.notify(poke(alice))
    push_all()

    assert len({one.payload["tag"] for one in browser.received}) == 2


def test_a_heap_and_what_has_waited_are_told_in_one(alice: User, browser_of: Subscribe):
    browser = browser_of(alice)
    for _ in range(MAX_EACH + 1):
        notifications.notify(poke(alice))
    push_all()
    notifications.notify(poke(alice, group="pokes"))
    notifications.notify(poke(alice))
    Delivery.objects.filter(state=State.WAITING).update(why=Why.QUIET)
    push_all()

    heap, waited = browser.received
    assert heap.payload["title"] == "4 notifications · Signalbox"
    assert waited.payload["title"] == "2 notifications · Signalbox"
    assert (waited.payload["url"], waited.payload["unread"]) == ("/inbox/", MAX_EACH + 3)


def test_where_the_first_did_not_arrive_the_second_waits_with_it(
    alice: User, service: PushService, browser_of: Subscribe
):
    browser = browser_of(alice)
    notifications.notify(poke(alice))
    notifications.notify(poke(alice))
    service.will_answer(503)

    push_all()
    assert browser.received == []
    make_due()
    push_all()

    assert len(browser.received) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    alice: User, service: PushService, browser_of: Subscribe, status: int
):
    browser_of(alice)
    service.will_answer(status)

    notifications.notify(poke(alice))
    push_all()

    assert not Subscription.objects.exists()
    assert not Delivery.objects.filter(state=State.WAITING).exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_does_not_get_through_is_tried_again_there_alone_when_the_service_says(
    alice: User, service: PushService, browser_of: Subscribe, status: int
):
    browsers = [browser_of(alice), browser_of(alice)]
    service.will_answer(status, Retry_After="600")

    notifications.notify(poke(alice))
    push_all()

    assert sorted(len(one.received) for one in browsers) == [0, 1]
    [waiting] = Delivery.objects.filter(state=State.WAITING)
    assert waiting.target
    assert waiting.due > timezone.now() + timedelta(seconds=500)
    make_due()
    push_all()
    assert [len(one.received) for one in browsers] == [1, 1]


def test_a_service_that_is_away_is_asked_again(
    alice: User, service: PushService, browser_of: Subscribe, settings
):
    browser = browser_of(alice)
    away = f"https://127.0.0.1:{free_port()}/push"
    settings.PUSH_HOSTS = [*settings.PUSH_HOSTS, away.split("/")[2]]
    Subscription.objects.update(endpoint=away)

    notifications.notify(poke(alice))
    push_all()
    assert "ConnectionRefused" in Subscription.objects.get().error
    Subscription.objects.update(endpoint=browser.endpoint)
    make_due()
    push_all()

    assert len(browser.received) == 1


def test_an_address_that_is_not_allowed_any_more_is_given_up(
    alice: User, service: PushService, browser_of: Subscribe, settings
):
    browser_of(alice)
    settings.PUSH_HOSTS = []
    asked = service.requests

    notifications.notify(poke(alice))
    push_all()

    assert [one.state for one in Delivery.objects.all()] == [State.REFUSED]
    assert service.requests == asked


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_not_taken_is_said_loudly_and_nothing_goes_there_until_the_page_comes(
    alice: User, service: PushService, browser_of: Subscribe, status: int, caplog
):
    browser_of(alice)
    service.will_answer(status)

    with caplog.at_level(logging.ERROR):
        notifications.notify(poke(alice))
        push_all()

    assert "VAPID_PRIVATE_KEY" in caplog.text
    [one] = Subscription.objects.all()
    assert one.disabled
    asked = service.requests
    notifications.notify(poke(alice))
    push_all()
    assert service.requests == asked


def test_another_installations_key_is_not_taken(
    alice: User, service: PushService, browser_of: Subscribe
):
    browser = browser_of(alice)
    browser.application_key = "B" + "A" * 86

    notifications.notify(poke(alice))
    push_all()

    assert browser.received == []
    assert Subscription.objects.get().disabled


def test_what_is_too_large_is_sent_with_fewer_words(
    alice: User, service: PushService, browser_of: Subscribe
):
    browser = browser_of(alice)
    service.limit = 2_500

    payload = Payload(title="releases", tag="n1", body="ä" * MAX_PLAIN)
    [answer] = deliver(Letter(payload), list(Subscription.objects.all()))

    assert answer.status == 201
    [pushed] = browser.received
    assert pushed.size <= service.limit
    assert pushed.payload["body"].startswith("ää")


def test_who_refuses_again_and_again_is_forgotten(
    alice: User, service: PushService, browser_of: Subscribe
):
    browser_of(alice)
    for number in range(MAX_FAILURES):
        assert Subscription.objects.get().failures == number
        service.will_answer(400)
        notifications.notify(poke(alice))
        push_all()

    assert not Subscription.objects.exists()


def test_what_was_read_elsewhere_is_taken_away(alice: User, browser_of: Subscribe):
    browser = browser_of(alice)
    notifications.notify(poke(alice))
    push_all()
    [shown] = browser.received

    notifications.mark_all_read(person=alice.pk, until=10_000, announcements_until=0)
    push_all()

    withdrawn = browser.received[-1]
    assert withdrawn.payload["close"] is True
    assert withdrawn.payload["tag"] == shown.payload["tag"]
    assert withdrawn.topic == shown.topic
    assert withdrawn.payload["unread"] == 0


def test_pushes_that_show_nothing_are_few(alice: User, browser_of: Subscribe):
    browser = browser_of(alice)
    for _ in range(MAX_SILENT + 2):
        notifications.notify(poke(alice))
        push_all()
        notifications.mark_all_read(person=alice.pk, until=10_000, announcements_until=0)
        push_all()

    assert sum(one.payload.get("close", False) for one in browser.received) == MAX_SILENT


def test_a_test_goes_the_whole_way_in_the_language_of_the_page(alice: User, browser_of: Subscribe):
    browser = browser_of(alice)

    jobs.test_push(subscription=Subscription.objects.get().pk, language="de")

    [pushed] = browser.received
    assert pushed.payload["test"] is True
    assert pushed.payload["body"] == "So erreichen dich hier Mitteilungen."
    assert Subscription.objects.get().told
