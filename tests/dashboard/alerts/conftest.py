import pytest

from chat.models import Room
from realtime_project.accounts.models import User
from tests.cast import make_person, make_room


@pytest.fixture
def releases(alice: User, bob: User) -> Room:
    """The room that Alice and Bob share."""
    return make_room(alice, bob)


@pytest.fixture
def olga(people_database: None) -> User:
    """Who runs the place."""
    return make_person("olga", is_staff=True)
