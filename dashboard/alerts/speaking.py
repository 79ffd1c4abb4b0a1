"""An alert's one message in its room: said by a bot when it fires, and changed where it stands."""

import logging
from uuid import UUID, uuid5

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction

from chat import services as chat
from chat.models import Membership, Message, Room
from chat.services import Post
from dashboard.alerts.wording import Moment, card, text
from dashboard.models.alerts import Alert
from realtime_project.accounts.models import User
from realtime_project.live.models import Installation

logger = logging.getLogger(__name__)

NAME = "alerts"
EMAIL = "alerts@bots.invalid"
# Each firing is one message, whoever posts it and however often.
MESSAGES = UUID("6f0b7a52-8f0e-4d0c-9f5b-2f1f7f6f3a11")
REFUSALS = (ObjectDoesNotExist, PermissionDenied, ValidationError)


def say(moment: Moment) -> None:
    """Let an alert's message say how it stands, within the caller's transaction.

    A room in which that cannot be said (archived, or left by the bot) does not keep an alert from
    being one: what was in the way is kept with it.
    """
    alert, trouble = moment.alert, ""
    try:
        with transaction.atomic():
            _say(moment)
    except REFUSALS as error:
        trouble = " ".join(getattr(error, "messages", [])) or str(error) or type(error).__name__
        logger.warning("The alert %s could not speak: %s", alert.pk, trouble)
    alert.trouble = trouble[:200]
    Alert.objects.filter(pk=alert.pk).update(message=alert.message, trouble=alert.trouble)


def bot() -> User:
    """Return the account that speaks for alerts. Nobody can sign in with it."""
    found = User.objects.filter(email=EMAIL).first()
    if found is None:
        taken = User.objects.filter(username=NAME).exists()
        made = User(
            username=f"{NAME}-bot" if taken else NAME,
            display_name="Alerts",
            email=EMAIL,
            is_bot=True,
        )
        made.set_unusable_password()
        made.save()
        found = made
    return found


def enter(room: Room, *, invited_by: int | None) -> None:
    """Bring the bot into a room: a public one it enters by itself, into others somebody who is
    there brings it. Raises DoesNotExist where nobody may."""
    me = bot()
    if Membership.objects.active().filter(room=room, person=me).exists():
        return
    if not room.is_private:
        chat.join_room(person=me.pk, room=room.pk)
    elif invited_by is None:
        raise Membership.DoesNotExist
    else:
        chat.add_members(person=invited_by, room=room.pk, people=[me.pk])


def _say(moment: Moment) -> None:
    alert = moment.alert
    if alert.message_id is not None and (there := _message(alert)):
        # It changes where it was said, also when its rule speaks in another room by now.
        chat.change_card(
            person=there.author_id,
            room=there.room_id,
            message=there.pk,
            text=text(moment),
            card=card(moment),
        )
    elif moment.rule.room is not None and alert.is_on:
        alert.message = _post(moment, moment.rule.room)


def _message(alert: Alert) -> Message | None:
    return Message.objects.filter(pk=alert.message_id or 0, deleted=None).first()


def _post(moment: Moment, room: Room) -> Message:
    enter(room, invited_by=None)
    name = f"{Installation.current().epoch}:{moment.alert.pk}:{moment.alert.episode}"
    post = Post(
        author=bot().pk,
        client_id=uuid5(MESSAGES, name),
        text=text(moment),
        # Whoever writes what is to be done says whom to call.
        is_confirmed=True,
        card=card(moment),
    )
    [outcome] = chat.post_messages(room=room.pk, posts=[post])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
