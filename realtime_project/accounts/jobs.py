"""What accounts leave behind, cleared away now and then."""

from realtime_project.accounts.sessions import SessionStore
from realtime_project.live.queue import job


@job(every="hour")
def end_expired_sessions() -> None:
    """Delete expired sessions and close the sockets that they opened."""
    SessionStore.clear_expired()
