"""What admins do with sources: make them, give them tokens, and say who sees them."""

import re

import pytest
from django.test import Client

from dashboard.ingest import senders
from dashboard.models import Audience, Chunk, Heartbeat, IngestSource, Series, SourceToken
from dashboard.storage.points import single
from dashboard.storage.reports import Report, store
from dashboard.storage.rolling import Roller
from realtime_project.accounts.models import Token, User
from realtime_project.live.models import Revocation
from tests.cast import make_person, make_room
from tests.dashboard.series import series

ADMIN = "/admin/dashboard/ingestsource"

NO_TOKENS = {"tokens-TOTAL_FORMS": 0, "tokens-INITIAL_FORMS": 0}


@pytest.fixture
def admin(transactional_db: None) -> Client:
    root = make_person("root", is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(root)
    return browser


@pytest.fixture
def web1(transactional_db: None) -> IngestSource:
    return IngestSource.objects.create(slug="web1", title="web1")


def make_token(admin: Client, *sources: IngestSource) -> str:
    chosen = [source.pk for source in sources]
    answer = admin.post(
        f"{ADMIN}/", {"action": "make_token", "_selected_action": chosen}, follow=True
    )
    return answer.content.decode()


def test_a_source_is_made_with_a_short_name(admin: Client):
    answer = admin.post(
        f"{ADMIN}/add/", {"title": "Web 1", "slug": "web-1", "audience": Audience.EVERYBODY}
    )

    assert answer.status_code == 302
    assert IngestSource.objects.get().slug == "web-1"


@pytest.mark.parametrize("slug", ["app", "Web", "web 1", "-web", ""])
def test_a_short_name_that_means_something_else_is_refused(admin: Client, slug: str):
    answer = admin.post(
        f"{ADMIN}/add/", {"title": "Web 1", "slug": slug, "audience": Audience.STAFF}
    )

    assert answer.status_code == 200
    assert not IngestSource.objects.exists()


def test_a_token_is_shown_once_and_sends_for_its_source(admin: Client, web1: IngestSource):
    page = make_token(admin, web1)

    [secret] = set(re.findall(r"sbx_[\w-]{20,}", page))
    found = senders.find(secret)
    assert found is not None
    assert (found.source, found.slug) == (web1.pk, "web1")
    assert "sbx_" not in admin.get(f"{ADMIN}/").content.decode()


def test_one_token_is_made_at_a_time(admin: Client, web1: IngestSource):
    other = IngestSource.objects.create(slug="web2", title="web2")

    page = make_token(admin, web1, other)

    assert "Choose one source." in page
    assert not Token.objects.exists()


def test_how_many_series_a_token_may_make_is_said_beside_how_many_it_has_made(
    admin: Client, web1: IngestSource
):
    make_token(admin, web1)
    token = SourceToken.objects.get()
    for number in range(4):
        Series.objects.create(key=str(number), source=web1.pk, token=token.pk, name="queue")

    page = admin.get(f"{ADMIN}/{web1.pk}/change/").content.decode()
    assert re.search(r'class="field-made">\s*<p>4</p>', page)
    for said, status in (("0", 200), ("7", 302)):
        answer = admin.post(
            f"{ADMIN}/{web1.pk}/change/",
            {
                "title": "web1", "audience": Audience.STAFF,
                "tokens-TOTAL_FORMS": 1, "tokens-INITIAL_FORMS": 1, "tokens-0-id": token.pk,
                "tokens-0-source": web1.pk, "tokens-0-max_series": said,
            },
        )  # fmt: skip
        assert answer.status_code == status

    token.refresh_from_db()
    assert token.max_series == 7


def test_what_a_source_has_sent_is_deleted_once_that_is_confirmed(
    admin: Client, web1: IngestSource
):
    other = IngestSource.objects.create(slug="web2", title="web2")
    kept, gone = series("m", other.pk), series("m", web1.pk)
    store(
        [Report("ingest", [(1_790_000_000, pk, single(1, 1_790_000_000)) for pk in (kept, gone)])]
    )
    while Roller().roll_up():
        pass
    asked = {"action": "delete_measured", "_selected_action": [web1.pk]}

    page = admin.post(f"{ADMIN}/", asked)
    assert "1 series" in page.content.decode()
    assert Series.objects.count() == 2

    answer = admin.post(f"{ADMIN}/", asked | {"confirmed": "yes"}, follow=True)
    assert "1 series of web1 are deleted." in answer.content.decode()
    assert [one.pk for one in Series.objects.all()] == [kept]
    assert set(Chunk.objects.values_list("series_id", flat=True)) == {kept}


def test_who_sees_a_source_no_more_is_put_out(
    admin: Client, web1: IngestSource, alice: User, bob: User, mallory: User
):
    room = make_room(alice, bob)
    web1.audience = Audience.EVERYBODY
    web1.save()

    answer = admin.post(
        f"{ADMIN}/{web1.pk}/change/",
        {"title": "web1", "audience": Audience.ROOMS, "rooms": [room.pk], **NO_TOKENS},
    )

    assert answer.status_code == 302
    ended = Revocation.objects.filter(key="source:web1").values_list("person", flat=True)
    assert set(ended) == {mallory.pk}


def test_a_source_goes_on_being_called_what_it_is_called(admin: Client, web1: IngestSource):
    admin.post(
        f"{ADMIN}/{web1.pk}/change/",
        {"title": "x", "slug": "y", "audience": Audience.STAFF, **NO_TOKENS},
    )

    web1.refresh_from_db()
    assert (web1.title, web1.slug) == ("x", "web1")


def test_heartbeats_show_how_they_stand(admin: Client, web1: IngestSource):
    Heartbeat.objects.create(source=web1, slug="backup")

    page = admin.get("/admin/dashboard/heartbeat/").content.decode()

    assert "backup" in page
    assert "new" in page
