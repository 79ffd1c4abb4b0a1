"""What the database of an installation says, as far as the kernel asks: for tests without one."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, ClassVar

from realtime_project.live import changes
from realtime_project.live.changes import Change
from realtime_project.live.revocation import Done, Reason, RevocationRow
from realtime_project.live.topics import Access
from realtime_project.live.topics import Heads as Revs
from tests.live.ledger import Ledger, LedgerTopic
from tests.live.rows import ROOM

CONTROL = "control:1"
LOBBY = "room:2"


@dataclass(frozen=True)
class ControlCounters:
    """The control stream, as a worker reads it when it starts."""

    rev: int
    key: str = CONTROL


class Installation(Ledger):
    """A room with its members, a lobby of which its members see the head, the sessions of people
    and what took them away; and the epoch, which a restored backup changes."""

    def __init__(self, people: Iterable[int]) -> None:
        super().__init__()
        self.epoch = "epoch 0"
        self.lobby = 0
        self.sessions: dict[str, int] = {}
        self.inactive: set[int] = set()
        self.revocations: list[RevocationRow] = []
        self.confirmed: set[tuple[str, int]] = set()
        self._acts = 0
        self.of_person = {person: self.sign_in(person) for person in people}

    # --- what happens ---------------------------------------------------------------------

    def speak_in_lobby(self) -> Change:
        self.lobby += 1
        return Change(LOBBY, self.lobby - 1, self.lobby, head=self.head())

    def sign_in(self, person: int) -> str:
        self._acts += 1
        session = f"session {self._acts}"
        self.sessions[session] = person
        return session

    def sign_out(self, session: str) -> Change:
        person = self.sessions.pop(session)
        return self._revoke(Reason.SIGNED_OUT, person, session=session)

    def change_password(self, person: int) -> Change:
        self.sessions = {key: who for key, who in self.sessions.items() if who != person}
        return self._revoke(Reason.PASSWORD, person)

    def deactivate(self, person: int) -> Change:
        self.inactive.add(person)
        return self._revoke(Reason.DEACTIVATED, person)

    def revoke_room(self, person: int) -> Change:
        """What goes with a removal from the room, in the same transaction."""
        return self._revoke(Reason.REMOVED, person, key=ROOM, key_rev=self.rev)

    def confirm(self, worker: str, done: Iterable[Done]) -> None:
        self.confirmed |= {(worker, one.revocation) for one in done}

    def back_up(self) -> Mapping[str, Any]:
        return deepcopy(vars(self))

    def restore(self, backup: Mapping[str, Any]) -> None:
        """Be again what was backed up, as a new history. Whoever writes from now on writes
        something else than in the one that is lost."""
        acts = self._acts
        vars(self).update(deepcopy(dict(backup)))
        self._acts = acts + 1
        self.epoch = f"epoch {self._acts}"

    # --- what is asked --------------------------------------------------------------------

    def may_connect(self, session: str) -> bool:
        person = self.sessions.get(session)
        return person is not None and person not in self.inactive

    def head(self) -> bytes:
        return b'{"room":2,"rev":%d}' % self.lobby

    @property
    def control(self) -> ControlCounters:
        return ControlCounters(len(self.revocations))

    def control_after(self, after: int) -> Change:
        rows = tuple(changes.row(one) for one in self.revocations[max(0, after) :])
        return Change(CONTROL, after, self.control.rev, rows)

    def control_revs(self, keys: Iterable[str]) -> Revs:
        return {CONTROL: (self.control.rev, None)}

    def access(self, person: int) -> Access | None:
        found = super().access(person)
        if found is None:
            return None
        heads = {LOBBY: (self.lobby, self.head())}
        return Access(found.rev, found.floor, found.since, heads)

    def room_revs(self, keys: Iterable[str]) -> Revs:
        known: Revs = {ROOM: (self.rev, None), LOBBY: (self.lobby, self.head())}
        return {key: known[key] for key in keys}

    # --- within ---------------------------------------------------------------------------

    def _name(self) -> str:
        # No two histories ever say the same.
        return f"{self.rev} in {self.epoch}"

    def _revoke(
        self, reason: Reason, person: int, *, session: str = "", key: str = "", key_rev: int = 0
    ) -> Change:
        rev = len(self.revocations) + 1
        row = RevocationRow(rev, rev, session, person, key, key_rev, reason)
        self.revocations.append(row)
        return Change(CONTROL, rev - 1, rev, (changes.row(row),))


class InstallationTopic(LedgerTopic):
    """The topic consumer of its room."""

    kind = "room"
    ledger: ClassVar[Installation]

    @classmethod
    def heads_many(cls, keys: Iterable[str]) -> Revs:
        return cls.ledger.room_revs(keys)
