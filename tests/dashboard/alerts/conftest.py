import pytest

from chat.models import Room
from dashboard.alerts import counted, queries, rounds, services, trying, view
from dashboard.alerts.counted import Tally
from dashboard.alerts.measured import Catalogue
from dashboard.alerts.tail import Tail
from dashboard.storage import anew, registry
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


@pytest.fixture(autouse=True)
def nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process keeps of an installation is of another one in each test."""
    catalogue = Catalogue()
    for module in (view, services, queries, trying):
        monkeypatch.setattr(module, "catalogue", catalogue)
    monkeypatch.setattr(anew, "_forgetting", [registry.forget, catalogue.forget])
    monkeypatch.setattr(rounds, "tail", Tail())
    monkeypatch.setattr(counted, "_tally", Tally({}))
    registry.forget()
