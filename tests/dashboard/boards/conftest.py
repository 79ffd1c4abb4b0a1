from collections.abc import Iterator

import pytest
from django.test import Client

from chat.models import Room
from dashboard.boards import sources
from dashboard.boards.catalogue import catalogue
from dashboard.storage import registry
from realtime_project.accounts.models import User
from tests.cast import make_person, make_room


@pytest.fixture
def people_database(transactional_db: None) -> None:
    """Data is read by threads of their own, which see what is committed and nothing else."""


@pytest.fixture
def sam(people_database: None) -> User:
    """Who runs the place."""
    return make_person("sam", is_staff=True)


@pytest.fixture
def releases(alice: User, bob: User) -> Room:
    """The room that Alice and Bob share."""
    return make_room(alice, bob)


@pytest.fixture(autouse=True)
def known_series() -> Iterator[None]:
    """No series and no source is known of another test."""
    provider = sources._provider
    sources.provide(tuple)
    registry.forget()
    catalogue.forget()
    yield
    registry.forget()
    catalogue.forget()
    sources.provide(provider)


@pytest.fixture
def browser_of():
    """A function that signs somebody in."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in
