"""Small state that is shown whole: who is here, what a counter says."""

from collections.abc import Callable

from realtime_project.live.changes import encode
from realtime_project.live.subscription import Subscription


class SnapshotFeed:
    """Tells its subscriptions what became of one state, which somebody else keeps: `whole`
    returns it as JSON.

    Whoever has the version before gets the difference, everybody else gets all of it. Nothing is
    kept for a client that cannot take it: it gets the state when it can.
    """

    def __init__(self, key: str, whole: Callable[[], bytes]) -> None:
        self.key = key
        self.subscriptions: set[Subscription] = set()
        self.version = 0
        self._whole = whole

    def update(self, change: bytes | None) -> None:
        """Take in that the state has changed, and how, as JSON; without it all is told anew."""
        self.version += 1
        for subscription in list(self.subscriptions):
            if not subscription.is_behind(self.version):
                continue
            if change is not None and subscription.cursor == self.version - 1:
                self._write(subscription, b"change", change)
            else:
                self.catch_up(subscription)

    def catch_up(self, subscription: Subscription) -> None:
        """Tell one subscription the state, if it does not have it and can take it."""
        if subscription.is_behind(self.version):
            self._write(subscription, b"state", self._whole())

    def begin(self, subscription: Subscription) -> None:
        """Tell a subscription that has just gone live the state, whatever it held before."""
        subscription.cursor = -1
        self.catch_up(subscription)

    def _write(self, subscription: Subscription, form: bytes, data: bytes) -> None:
        topic = encode(subscription.topic)
        frame = b'{"topic":%b,"version":%d,"%b":%b}' % (topic, self.version, form, data)
        subscription.transport.write(frame)
        subscription.cursor = self.version
