"""The kinds of notifications that people may choose about."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.decision import Channels, KindFacts, Mail


@dataclass(frozen=True)
class Offer:
    """A kind as it stands among the preferences."""

    facts: KindFacts
    label: str | Promise


def offered() -> Mapping[str, Offer]:
    """Return every kind by its name, those that are for the person alone first."""
    return {one.facts.name: one for one in _OFFERS}


TOLD = Channels(in_app=True, push=True, email=Mail.DIGEST)
QUIETLY = Channels(in_app=True)

# Stands in for the registry in which the apps declare their kinds.
_OFFERS = (
    Offer(KindFacts("chat.mention", TOLD, priority=4), _("Somebody mentions me")),
    Offer(KindFacts("chat.keyword", TOLD), _("Somebody writes one of my keywords")),
    Offer(
        KindFacts("chat.message", QUIETLY, is_personal=False),
        _("Messages in rooms of which I want all"),
    ),
    Offer(KindFacts("chat.added", TOLD), _("Somebody adds me to a room")),
    Offer(
        KindFacts(
            "accounts.sign_in",
            Channels(in_app=True, push=True, email=Mail.INSTANT),
            priority=4,
            is_locked=True,
        ),
        _("Somebody signs in as me with a new browser"),
    ),
    Offer(
        KindFacts("notifications.announcement", TOLD, is_locked=True),
        _("Announcements to everybody"),
    ),
)
