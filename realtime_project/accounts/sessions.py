"""Sessions in the database whose end is also the end of the sockets they opened."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import base, db
from django.db import transaction
from django.utils import timezone

from realtime_project.live import revocation

MAX_AT_ONCE = 200


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

    @classmethod
    def clear_expired(cls) -> None:
        """Delete every session that has expired, as `manage.py clearsessions` does too."""
        while cls._clear_some_expired():
            pass

    @classmethod
    def _clear_some_expired(cls) -> bool:
        model, store = cls.get_model_class(), cls()
        with transaction.atomic():
            # Locked: one that is renewed at this moment has not expired any more.
            expired = model.objects.select_for_update().filter(expire_date__lt=timezone.now())
            some = list(expired[:MAX_AT_ONCE])
            model.objects.filter(pk__in=[one.pk for one in some]).delete()
            owners = {one.pk: store.decode(one.session_data).get(SESSION_KEY) for one in some}
            # Nobody's session opens a socket.
            revocation.revoke_sessions({key: int(owner) for key, owner in owners.items() if owner})
        return bool(some)

    # The database store's own asynchronous version would pass the method above by.
    adelete = base.SessionBase.adelete
