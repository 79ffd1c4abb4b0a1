"""Small state that is shown whole: who is here, what a counter says."""

from realtime_project.live.changes import encode
from realtime_project.live.subscription import Subscription


class SnapshotFeed:
    """Keeps one state and tells its subscriptions what became of it.

    Whoever has the version before gets the difference; everybody else gets all of it, and so
    does everybody once in a while, so that no mistake lasts. Nothing is kept for a client that
    cannot take it: it gets the state when it can.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.subscriptions: set[Subscription] = set()
        self.version = 0
        self._state = b"null"

    def update(self, change: bytes, state: bytes) -> None:
        """Take in a new state and how it differs from the one before, both as JSON."""
        self.version += 1
        self._state = state
        for subscription in list(self.subscriptions):
            if not subscription.is_behind(self.version):
                continue
            if subscription.cursor == self.version - 1:
                self._write(subscription, b"change", change)
            else:
                self.catch_up(subscription)

    def catch_up(self, subscription: Subscription) -> None:
        """Tell one subscription the state, if it does not have it and can take it."""
        if subscription.is_behind(self.version):
            self._write(subscription, b"state", self._state)

    def begin(self, subscription: Subscription) -> None:
        """Tell a subscription that has just gone live the state, whatever it held before."""
        subscription.cursor = -1
        self.catch_up(subscription)

    def refresh(self) -> None:
        """Tell everybody all of it."""
        for subscription in list(self.subscriptions):
            if subscription.is_live and subscription.transport.is_writable:
                self._write(subscription, b"state", self._state)

    def _write(self, subscription: Subscription, form: bytes, data: bytes) -> None:
        topic = encode(subscription.topic)
        frame = b'{"topic":%b,"version":%d,"%b":%b}' % (topic, self.version, form, data)
        subscription.transport.write(frame)
        subscription.cursor = self.version
