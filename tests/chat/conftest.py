import pytest

from chat.models import Room
from realtime_project.accounts.models import User
from tests.cast import make_room


@pytest.fixture
def people_database(transactional_db: None) -> None:
    """Commands run in threads of their own, which see what is committed and nothing else."""


@pytest.fixture
def releases(alice: User, bob: User) -> Room:
    """The room that Alice and Bob share."""
    return make_room(alice, bob)


@pytest.fixture
def room(releases: Room) -> str:
    """Its topic."""
    return releases.key
