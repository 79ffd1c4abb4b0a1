from collections.abc import Iterator

import pytest

from chat.models import Room
from notifications import kinds
from notifications.deliveries import channels
from notifications.deliveries.channels import PUSH, Channel
from notifications.kinds import Action, Kind
from realtime_project.accounts.models import User
from tests.cast import make_person, make_room
from tests.notifications.pager import Pager


@pytest.fixture
def people_database(transactional_db: None) -> None:
    """Pages ask in threads of their own, which see what is committed and nothing else."""


@pytest.fixture
def carol(transactional_db: None) -> User:
    return make_person("carol")


@pytest.fixture
def releases(alice: User, bob: User) -> Room:
    """The room that Alice and Bob share."""
    return make_room(alice, bob)


@pytest.fixture(autouse=True)
def poke() -> Iterator[None]:
    """A kind that no app has."""
    kinds.kinds()
    kinds.register(
        Kind(
            name="tests.poke",
            label="Pokes",
            text=lambda story: f"{story.who} poked you {story.count} times",
            actions=lambda params: (
                [Action("back", "Poke back", f"/poke/{params['by']}/")] if "by" in params else []
            ),
        )
    )
    yield
    del kinds._kinds["tests.poke"]


@pytest.fixture
def pager(monkeypatch: pytest.MonkeyPatch) -> Pager:
    pager = Pager()
    channel = Channel(PUSH, lambda: True, pager.send, withdrawn=pager.take_back)
    monkeypatch.setattr(channels, "_channels", {**channels.channels(), PUSH: channel})
    return pager
