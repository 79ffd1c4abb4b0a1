"""Whether, where and when somebody is told of something: one pure function, and its reasons.

It is told everything, the time included, and asks nobody: what it decides can be shown, tried out
and decided again. Each step writes one line of the trace; the last line is what is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from notifications.quiet_hours import NEVER, Schedule, ends_at
from realtime_project.live.sight import LEASE, Sight, newest

WAIT = timedelta(seconds=15)
"""How long push and mail wait for somebody who may be reading it just now."""
HERE = timedelta(minutes=1)
"""Who looked at any page of theirs within it may be reading it just now."""
REPEAT_AFTER = timedelta(minutes=1)
"""More of what one was told of, and has not read, is told again after it."""
URGENT = 5
INBOX = "inbox"
"""The topic of the page that shows whatever somebody is told."""

NONE = timedelta()


class Mail(StrEnum):
    """How something goes out by e-mail."""

    INSTANT = "instant"
    DIGEST = "digest"
    OFF = "off"


class Level(StrEnum):
    """How much of a place somebody wants to be told."""

    ALL = "all"
    MENTIONS = "mentions"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Channels:
    """The ways by which something reaches somebody. The inbox is the ground of the others: what is
    not in it has nothing that could be opened or read."""

    in_app: bool = False
    push: bool = False
    email: Mail = Mail.OFF

    @property
    def reach_out(self) -> bool:
        """Whether it goes to where the person need not be looking, at once."""
        return self.push or self.email is Mail.INSTANT

    @property
    def inbox_alone(self) -> "Channels":
        return Channels(in_app=self.in_app)


NOWHERE = Channels()
BY_DEFAULT = Channels(in_app=True, push=True)
"""Where something goes when nobody can say what the person wishes."""


@dataclass(frozen=True)
class KindFacts:
    """What the decision needs to know of a kind of notification."""

    name: str
    channels: Channels = BY_DEFAULT
    priority: int = 3
    is_locked: bool = False
    """Whether it reaches the inbox whatever the person wishes."""
    is_personal: bool = True
    """Whether it is addressed to the person, as a mention is and a message to a room is not."""


@dataclass(frozen=True)
class Event:
    """Something that happened, of which somebody may be told."""

    kind: KindFacts
    happened: datetime
    actor: int | None = None
    place: str = ""
    """The topic whose page shows it, such as `room:7`; nothing for what is in no place."""
    rev: int = 0
    """Its rev there: whoever has seen the place so far has seen it."""


@dataclass(frozen=True)
class Wishes:
    """What a person has asked for."""

    channels: Mapping[str, Channels] = field(default_factory=dict)
    """By the name of a kind, where it differs from the kind's own."""
    muted_until: datetime | None = None
    muted_people: frozenset[int] = frozenset()
    schedule: Schedule = NEVER
    zone: tzinfo = UTC
    lets_urgent_through: bool = True
    lets_through: frozenset[int] = frozenset()
    """Who may break through quiet hours."""
    wants_mail: bool = True
    """Whether letters are wanted at all, whatever the kinds say."""


@dataclass(frozen=True)
class Standing:
    """What the app in which something happened says of somebody and that."""

    may_see: bool
    level: Level = Level.MENTIONS
    """How much they want to be told of the place, if it is in one."""
    muted_until: datetime | None = None
    """Of the place."""
    told: datetime | None = None
    """When they were last told of others of its group, which they have not read."""
    is_read: bool = False
    inbox_rev: int | None = None
    """The rev at which it stands in their inbox, once it does."""


@dataclass(frozen=True)
class PersonState:
    """How it is with somebody, as of `now`."""

    person: int
    now: datetime
    standing: Standing
    wishes: Wishes | None
    """None where they could not be read."""
    sights: tuple[Sight, ...] = ()
    wait: timedelta = WAIT
    """As long as this installation wants it."""


class Code(StrEnum):
    """What a step found, or what was done."""

    KIND_ON = "kind_on"
    KIND_OFF = "kind_off"
    KIND_LOCKED = "kind_locked"
    UNREADABLE = "unreadable"
    MAY_SEE = "may_see"
    MAY_NOT_SEE = "may_not_see"
    OTHERS_ACT = "others_act"
    OWN_ACT = "own_act"
    NOT_MUTED = "not_muted"
    PLACE_LEVEL = "place_level"
    PERSON_MUTED = "person_muted"
    ALL_MUTED = "all_muted"
    PLACE_MUTED = "place_muted"
    NEW = "new"
    GROUPED = "grouped"
    UNREAD = "unread"
    READ = "read"
    NOT_VISIBLE = "not_visible"
    VISIBLE = "visible"
    SEEN = "seen"
    NOT_HERE = "not_here"
    HERE = "here"
    NOT_QUIET = "not_quiet"
    QUIET = "quiet"
    BROKE_THROUGH = "broke_through"
    SENT = "sent"
    HELD = "held"
    WAITING = "waiting"
    INBOX = "inbox"
    NOTHING = "nothing"


_QUIET = frozenset(
    {Code.PLACE_LEVEL, Code.PERSON_MUTED, Code.PLACE_MUTED, Code.ALL_MUTED, Code.QUIET}
)
Params = Mapping[str, str | int]


@dataclass(frozen=True)
class Line:
    """One line of a trace: what was found, with the values that belong to it. Times are written
    as ISO 8601 says."""

    code: Code
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """Where somebody is told. The inbox has it at once; what reaches out waits for `delay`, and
    is then decided again, or is held until quiet hours end and goes out as one with the rest."""

    channels: Channels
    delay: timedelta
    held_until: datetime | None
    trace: tuple[Line, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether the person wants no disturbance by it now, by a page that is open either."""
        return any(line.code in _QUIET for line in self.trace)


def decide(event: Event, state: PersonState) -> Decision:
    """Decide whether, where and when somebody is told of an event, and say why."""
    draft = _Draft(event, state)
    for step in STEPS:
        step(draft)
        if draft.channels == NOWHERE:
            break
    return draft.finish()


@dataclass
class _Draft:
    """A decision in the making."""

    event: Event
    state: PersonState
    channels: Channels = NOWHERE
    delay: timedelta = NONE
    held_until: datetime | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def rest_of_wait(self) -> timedelta:
        """How much of the wait is left, from when it happened. A late decision waits less."""
        waited = max(NONE, self.state.now - self.event.happened)
        return max(NONE, self.state.wait - waited)

    def say(self, code: Code, **params: str | int) -> None:
        self.lines.append(Line(code, params))

    def silence(self) -> None:
        """Tell the person nothing; what is locked stands in the inbox all the same."""
        is_locked = self.event.kind.is_locked
        self.channels = self.channels.inbox_alone if is_locked else NOWHERE

    def finish(self) -> Decision:
        if not self.channels.reach_out:
            self.delay, self.held_until = NONE, None
        self.lines.append(self._done())
        return Decision(self.channels, self.delay, self.held_until, tuple(self.lines))

    def _done(self) -> Line:
        if self.channels == NOWHERE:
            return Line(Code.NOTHING)
        if self.channels == self.channels.inbox_alone:
            return Line(Code.INBOX)
        told = told_by(self.channels)
        if self.held_until:
            return Line(Code.HELD, told | {"until": self.held_until.isoformat()})
        if self.delay:
            return Line(Code.WAITING, told | {"seconds": _seconds(self.delay)})
        return Line(Code.SENT, told)


def told_by(channels: Channels) -> dict[str, str | int]:
    """Return channels as the values of a line."""
    names = [name for name in ("in_app", "push") if getattr(channels, name)]
    mail = {Mail.INSTANT: ["email"], Mail.DIGEST: ["digest"], Mail.OFF: []}[channels.email]
    return {"channels": ",".join(names + mail)}


# --- the steps, in their order ---------------------------------------------------------------


def _by_kind(draft: _Draft) -> None:
    kind, wishes = draft.event.kind, draft.state.wishes
    if wishes is None:
        draft.channels = BY_DEFAULT
        return draft.say(Code.UNREADABLE, kind=kind.name)
    wanted = wishes.channels.get(kind.name, kind.channels)
    if not wishes.wants_mail:
        wanted = replace(wanted, email=Mail.OFF)
    if wanted.in_app:
        draft.channels = wanted
        return draft.say(Code.KIND_ON, kind=kind.name, **told_by(wanted))
    if kind.is_locked:
        draft.channels = replace(wanted, in_app=True)
        return draft.say(Code.KIND_LOCKED, kind=kind.name)
    return draft.say(Code.KIND_OFF, kind=kind.name)


def _by_right(draft: _Draft) -> None:
    if draft.state.standing.may_see:
        return draft.say(Code.MAY_SEE)
    # Not even what is locked: a line in the inbox would tell what was said.
    draft.channels = NOWHERE
    return draft.say(Code.MAY_NOT_SEE)


def _by_author(draft: _Draft) -> None:
    if draft.event.actor != draft.state.person:
        return draft.say(Code.OTHERS_ACT)
    draft.channels = NOWHERE
    return draft.say(Code.OWN_ACT)


def _by_muting(draft: _Draft) -> None:
    event, state, standing = draft.event, draft.state, draft.state.standing
    if event.place and not _is_wanted(event.kind, standing.level):
        draft.silence()
        return draft.say(Code.PLACE_LEVEL, level=standing.level.value)
    if state.wishes and event.actor in state.wishes.muted_people:
        draft.silence()
        return draft.say(Code.PERSON_MUTED)
    until = standing.muted_until
    if event.place and until and until > state.now:
        return _keep_for_later(draft, Code.PLACE_MUTED, until)
    until = state.wishes.muted_until if state.wishes else None
    if until and until > state.now:
        return _keep_for_later(draft, Code.ALL_MUTED, until)
    return draft.say(Code.NOT_MUTED)


def _by_group(draft: _Draft) -> None:
    told = draft.state.standing.told
    is_fresh = told is not None and draft.state.now - told < REPEAT_AFTER
    if told is None or not is_fresh or draft.event.kind.priority >= URGENT:
        return draft.say(Code.NEW)
    draft.channels = draft.channels.inbox_alone
    return draft.say(Code.GROUPED, told=told.isoformat())


def _by_reading(draft: _Draft) -> None:
    if not draft.state.standing.is_read:
        return draft.say(Code.UNREAD)
    draft.channels = draft.channels.inbox_alone
    return draft.say(Code.READ)


def _by_sight(draft: _Draft) -> None:
    views = _views(draft)
    if any(rev is not None and sight.rev >= rev for sight, rev in views):
        draft.channels = draft.channels.inbox_alone
        return draft.say(Code.SEEN)
    if any(draft.state.now - sight.at <= LEASE for sight, _rev in views) and draft.rest_of_wait:
        # The page may be gone since it said so: nobody counts as having seen what it did not.
        draft.delay = draft.rest_of_wait
        return draft.say(Code.VISIBLE, seconds=_seconds(draft.delay))
    return draft.say(Code.NOT_VISIBLE)


def _by_being_here(draft: _Draft) -> None:
    last = newest(draft.state.sights)
    if last and draft.state.now - last.at <= HERE and draft.rest_of_wait:
        draft.delay = draft.rest_of_wait
        return draft.say(Code.HERE, seconds=_seconds(draft.delay))
    return draft.say(Code.NOT_HERE)


def _by_quiet_hours(draft: _Draft) -> None:
    event, state = draft.event, draft.state
    wishes = state.wishes or Wishes()
    until = ends_at(wishes.schedule, wishes.zone, state.now)
    if until is None:
        return draft.say(Code.NOT_QUIET)
    if event.actor in wishes.lets_through:
        return draft.say(Code.BROKE_THROUGH, by="person")
    if wishes.lets_urgent_through and event.kind.priority >= URGENT:
        return draft.say(Code.BROKE_THROUGH, by="priority")
    draft.held_until = until
    return draft.say(Code.QUIET, until=until.isoformat())


Step = Callable[[_Draft], None]
STEPS: tuple[Step, ...] = (
    _by_kind,
    _by_right,
    _by_author,
    _by_muting,
    _by_group,
    _by_reading,
    _by_sight,
    _by_being_here,
    _by_quiet_hours,
)


def _views(draft: _Draft) -> list[tuple[Sight, int | None]]:
    """The pages that show the event: of its place, and the inbox; with its rev there."""
    event, state = draft.event, draft.state
    revs = {INBOX: state.standing.inbox_rev} | ({event.place: event.rev} if event.place else {})
    return [(sight, revs[sight.place]) for sight in state.sights if sight.place in revs]


def _is_wanted(kind: KindFacts, level: Level) -> bool:
    return level is Level.ALL or (level is Level.MENTIONS and kind.is_personal)


def _keep_for_later(draft: _Draft, code: Code, until: datetime) -> None:
    draft.channels = draft.channels.inbox_alone
    draft.say(code, until=until.isoformat())


def _seconds(wait: timedelta) -> int:
    return round(wait.total_seconds())
