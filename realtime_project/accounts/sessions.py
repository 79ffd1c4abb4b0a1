"""Sessions in the database whose end is also the end of the sockets they opened."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import base, db
from django.db import transaction

from realtime_project.live import revocation


class SessionStore(db.SessionStore):
    """Django's database sessions. Every way of signing out, here or from elsewhere, deletes the
    session's row, so that this is the one place which none of them can miss."""

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if not key:
            return
        with transaction.atomic():
            stored = self.model.objects.filter(session_key=key).first()
            if stored is None:
                return
            stored.delete()
            owner = self.decode(stored.session_data).get(SESSION_KEY)
            revocation.revoke_session(key, int(owner) if owner else None)

    # The database store's own asynchronous version would pass the method above by.
    adelete = base.SessionBase.adelete
