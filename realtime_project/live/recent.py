"""What was revoked a moment ago, for handshakes that were under way at that moment."""

from collections import deque

MAX_KEPT = 10_000


class RecentRevocations:
    """Remembers who lost access lately, in the order in which this process learned of it.

    A handshake notes the position before it reads the session, and asks afterwards whether that
    session or person was revoked in between: no moment is left in which a revocation is missed.
    """

    def __init__(self) -> None:
        self.position = 0
        self._kept: deque[tuple[str, int | None]] = deque(maxlen=MAX_KEPT)

    def add(self, session: str, person: int | None) -> None:
        """Note a revoked session (its digest) or person."""
        self._kept.append((session, person))
        self.position += 1

    def forget(self) -> None:
        """Forget what was revoked. Of every handshake that is under way it is then unknown, and
        taken for revoked."""
        self._kept.clear()
        self.position += 1

    def contains(self, since: int, session: str, person: int) -> bool:
        """Return whether the session or the person was revoked after a position. When too much
        happened to remember, the answer is yes: the client simply tries again."""
        news = self.position - since
        if not news:
            return False
        if news > len(self._kept):
            return True
        return any(
            (revoked_session and revoked_session == session) or revoked_person == person
            for revoked_session, revoked_person in list(self._kept)[len(self._kept) - news :]
        )
