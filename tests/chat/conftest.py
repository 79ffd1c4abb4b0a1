import pytest

from chat.models import Room
from realtime_project.accounts.models import User
from tests.cast import make_person, make_room


@pytest.fixture
def alice(transactional_db: None) -> User:
    return make_person("alice")


@pytest.fixture
def bob(transactional_db: None) -> User:
    return make_person("bob")


@pytest.fixture
def mallory(transactional_db: None) -> User:
    return make_person("mallory")


@pytest.fixture
def releases(alice: User, bob: User) -> Room:
    """The room that Alice and Bob share."""
    return make_room(alice, bob)


@pytest.fixture
def room(releases: Room) -> str:
    """Its topic."""
    return releases.key
