import pytest

from realtime_project.accounts.models import User
from tests.cast import make_person
from tests.dashboard.ingest.sending import token_of


@pytest.fixture
def staff(transactional_db: None) -> User:
    return make_person("carol", is_staff=True, is_superuser=True)


@pytest.fixture
def token(staff: User) -> str:
    """With which a program sends as web1."""
    return token_of(staff, "web1")
