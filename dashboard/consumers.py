"""What a page may be told of a board."""

from collections.abc import Iterable, Sequence

from dashboard.boards import screens
from dashboard.boards.access import Shown, board_for
from dashboard.boards.following import follower_of
from dashboard.models import Alerts, Board, Measures
from realtime_project.accounts.models import User
from realtime_project.live.changes import Change
from realtime_project.live.cursor import Want
from realtime_project.live.feed import Feed
from realtime_project.live.hub import Hub
from realtime_project.live.subscription import Subscription
from realtime_project.live.topics import Access, Heads, Params, SeriesTopic, State, StreamTopic


class BoardConsumer(SeriesTopic):
    """`board:overview`: what a board shows, second by second. Its cursor is that of all that is
    measured."""

    kind = "board"
    max_per_socket = 4

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return f"board:{params['slug']}"

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        # Before the rights: who loses them is parted with by a frame of a later rev.
        measures, viewer = Measures.current(), User.objects.get(pk=person)
        granted = {}
        for key in keys:
            slug = key.partition(":")[2]
            try:
                shown = board_for(viewer, slug)
            except Board.DoesNotExist:
                continue
            granted[key] = Access(measures.rev, measures.floor, told=_told(shown))
        return granted

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        return screens.changes(wants)

    @classmethod
    def heads_many(cls, keys: Iterable[str]) -> Heads:
        # A board moves when the window does, which is compared with the database itself.
        return {}

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        measures = Measures.current()
        board_for(User.objects.get(pk=person), params["slug"])
        return State(measures.rev, list(screens.recent(params["slug"], measures.rev)))

    @classmethod
    def join(cls, hub: Hub, key: str, subscription: Subscription) -> Feed:
        feed = super().join(hub, key, subscription)
        follower_of(hub).watch(key)
        return feed


class AlertsConsumer(StreamTopic):
    """`alerts`: that something has become of alerts. Everybody may hear that: which ones they may
    see, and what it is, their page asks."""

    kind = Alerts.kind

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return Alerts(pk=1).key

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        stream = Alerts.current()
        return dict.fromkeys(keys, Access(stream.rev, stream.floor))

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        rev = Alerts.current().rev
        return {want: Change(want.key, want.after, max(rev, want.after)) for want in wants}

    @classmethod
    def heads_many(cls, keys: Iterable[str]) -> Heads:
        return {one.key: (one.rev, None) for one in Alerts.objects.all()}

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        return State(Alerts.current().rev, [])


def _told(shown: Shown) -> dict[str, object]:
    """Return which version of the board is told, for who comes with another one, and the lanes
    that are known here, unless they are those of another board by now."""
    told: dict[str, object] = {"version": shown.version}
    screen = screens.kept(shown.slug)
    if screen is not None and screen.is_of(shown.version, shown.scope):
        told["lanes"] = {"order": screen.order, "panels": screen.lanes, "blanks": screen.blanks}
    return told
