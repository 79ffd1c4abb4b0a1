"""The kinds of notifications that people may choose about."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from notifications import kinds
from notifications.decision import Channels, KindFacts, Mail
from notifications.kinds import Channel, Kind, Pace


@dataclass(frozen=True)
class Offer:
    """A kind as it stands among the preferences."""

    facts: KindFacts
    label: str | Promise


def offered() -> Mapping[str, Offer]:
    """Return every kind by its name, what matters most first."""
    by_weight = sorted(kinds.kinds().values(), key=lambda kind: (-kind.priority, kind.name))
    return {kind.name: Offer(facts_of(kind), kind.label) for kind in by_weight}


def facts_of(kind: Kind) -> KindFacts:
    """Return what a decision needs to know of a kind."""
    paces = kind.paces
    channels = Channels(
        in_app=_is_on(kind, Channel.INBOX),
        push=_is_on(kind, Channel.PUSH),
        email=Mail(paces.get(Channel.EMAIL, Pace.OFF).value),
    )
    return KindFacts(kind.name, channels, kind.priority, kind.is_locked, kind.is_personal)


def _is_on(kind: Kind, channel: Channel) -> bool:
    return kind.paces.get(channel, Pace.OFF) is not Pace.OFF
