"""Why somebody was told of a message, or was not. Nothing of what it says is shown here."""

from collections.abc import Collection
from dataclasses import replace

from django.utils import timezone

from chat import mentions
from chat.kinds import KEYWORD, MENTION, ROOM, SAID
from chat.mentions import Crowd
from chat.models import Membership, Message
from chat.protocol import Reason, Reasons
from chat.standing import standing
from notifications.decision import Event, PersonState, Standing, decide
from notifications.preferences.offered import offered
from notifications.preferences.queries import watching, wishes
from notifications.traces.queries import Explanation, explanations
from notifications.traces.words import name_of, say
from realtime_project.accounts.models import User


def why_told(*, viewer: User, person: int, message: Message) -> list[Explanation]:
    """Return the reasons that were kept, or what would be decided by the settings of now.

    Raises DoesNotExist for who asks about a message that they may not see, or about somebody
    else. Those who run the installation may ask about everybody.
    """
    if not viewer.is_staff and viewer.pk != person:
        raise User.DoesNotExist
    if not viewer.is_staff:
        Message.objects.visible_to(person).get(pk=message.pk)
    return explanations(person, subject_of(message)) or [_by_settings_of_now(person, message)]


def reasons(*, viewer: User, person: int, message: Message) -> Reasons:
    """Return the same in words, with times in the zone of who asks."""
    found = why_told(viewer=viewer, person=person, message=message)
    with timezone.override(viewer.zone):
        return Reasons([_in_words(one) for one in found])


def reasons_for_oneself(person: int, room: int, message: int) -> Reasons:
    """Return why somebody was told of a message that they may see, or was not."""
    found = Message.objects.visible_to(person).select_related("room")
    viewer = User.objects.get(pk=person)
    return reasons(viewer=viewer, person=person, message=found.get(pk=message, room_id=room))


def subject_of(message: Message) -> str:
    """Return by which name the decisions about a message are kept."""
    return f"message:{message.pk}"


def standings_of(people: Collection[int], message: Message) -> dict[int, Standing]:
    """Return how it stands with each of these people and a message."""
    members = Membership.objects.active().filter(room=message.room_id, person__in=people)
    found = {member.person_id: standing(member, message) for member in members}
    return {person: found.get(person, Standing(may_see=False)) for person in people}


def event_of(message: Message, kind: str) -> Event:
    """Return a message as something of which people are told."""
    return Event(
        kind=offered()[kind].facts,
        happened=message.created,
        actor=message.author_id,
        place=message.room.key,
        rev=message.seq,
    )


def _in_words(explanation: Explanation) -> Reason:
    lines = [say(line) for line in explanation.lines]
    return Reason(name_of(explanation.kind), explanation.decided, lines)


def _by_settings_of_now(person: int, message: Message) -> Explanation:
    # Who looked at what then, nobody knows any more; who has read it now, had not.
    fresh = replace(standings_of([person], message)[person], is_read=False)
    kind = _kind_for(person, message, fresh)
    state = PersonState(person, message.created, fresh, wishes(person))
    return Explanation(kind, decide(event_of(message, kind), state).trace, decided=None)


def _kind_for(person: int, message: Message, fresh: Standing) -> str:
    if not fresh.may_see:
        # Their keywords would find out what it says.
        return SAID.name
    meant = mentions.read(message.text)
    if User.objects.filter(pk=person, username__in=meant.names).exists():
        return MENTION.name
    if meant.crowd is Crowd.ROOM:
        return ROOM.name
    return KEYWORD.name if watching([person], message.text) else SAID.name
