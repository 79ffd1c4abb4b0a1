"""Sessions in the database whose end is also the end of the sockets they opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import base, db
from django.db import transaction
from django.utils import timezone

from realtime_project.accounts.models.session import Session
from realtime_project.live import revocation

MAX_AT_ONCE = 200
# A session's row says when it was used as exactly as this: a write for each page would be dear.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Client:
    """Who sent the request that uses a session."""

    address: str | None
    agent: str


class SessionStore(db.SessionStore):
    """Django's database sessions, whose rows know whose they are and who used them last.

    Every way of signing out, here or from elsewhere, deletes the session's row through `delete`,
    so that this is the one place which none of them can miss.
    """

    client: Client | None = None
    _row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if not key:
            return
        with transaction.atomic():
            stored = Session.objects.filter(session_key=key).first()
            if stored is not None:
                stored.delete()
                revocation.revoke_session(key, stored.person_id)

    @classmethod
    def end(cls, sessions: Iterable[Session]) -> None:
        """Delete many sessions, and close the sockets that they opened."""
        with transaction.atomic():
            ended = list(sessions)
            Session.objects.filter(pk__in=[one.pk for one in ended]).delete()
            # Nobody's session opens a socket.
            owners = {one.session_key: one.person_id for one in ended if one.person_id}
            revocation.revoke_sessions(owners)

    @classmethod
    def clear_expired(cls) -> None:
        """Delete every session that has expired, as `manage.py clearsessions` does too."""
        while cls._clear_some_expired():
            pass

    def save(self, must_create: bool = False) -> None:
        """Store the session. Only columns that it knows are written: when the row began stays."""
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        values = self._values(self._get_session())  # type: ignore[attr-defined]
        if not Session.objects.filter(session_key=self.session_key).update(**values):
            # Somebody ended it while this request ran: saving must not bring it back.
            raise base.UpdateError

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        key: str = self._get_or_create_session_key()  # type: ignore[attr-defined]
        return Session(session_key=key, **self._values(data))

    def see(self) -> None:
        """Note that the session is in use, at most once a minute."""
        row = self._row
        if row is None or row.person_id is None or self.client is None:
            return
        # A session that was not made by a browser has no address until one uses it.
        if row.address and timezone.now() - row.seen < SEEN_EVERY:
            return
        Session.objects.filter(session_key=row.session_key).update(**self._seen())

    @classmethod
    def _clear_some_expired(cls) -> bool:
        with transaction.atomic():
            # Locked: one that is renewed at this moment has not expired any more.
            expired = Session.objects.select_for_update().filter(expire_date__lt=timezone.now())
            some = list(expired[:MAX_AT_ONCE])
            cls.end(some)
        return bool(some)

    def _get_session_from_db(self) -> Session | None:
        self._row = super()._get_session_from_db()  # type: ignore[misc]
        return self._row

    def _values(self, data: dict[str, Any]) -> dict[str, Any]:
        person = data.get(SESSION_KEY)
        return {
            "session_data": self.encode(data),
            "expire_date": self.get_expiry_date(),
            "person_id": int(person) if person else None,
            **self._seen(),
        }

    def _seen(self) -> dict[str, Any]:
        if self.client is None:
            return {}
        return {
            "address": self.client.address,
            "agent": self.client.agent,
            "seen": timezone.now(),
        }

    # The database store's own asynchronous versions would pass the methods above by.
    asave = base.SessionBase.asave
    adelete = base.SessionBase.adelete
