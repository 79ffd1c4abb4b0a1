"""Browsers come and go; and what push services answer has consequences."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from notifications.push.answers import Verdict, judge
from notifications.push.encryption import AUTH_SIZE, from_text, read_public
from notifications.push.endpoints import NotAllowed, is_public, read_endpoint
from notifications.push.models import Subscription
from notifications.push.posting import Answer
from realtime_project.accounts.models import Session, User
from realtime_project.live.queue import enqueue

logger = logging.getLogger(__name__)

MAX_DEVICES = 20
MAX_FAILURES = 5
"""After so many refusals in a row a browser is forgotten: its page comes back by itself."""
MAX_SILENT = 3
"""Pushes a day that show nothing. Chrome has a budget for them, Firefox a quota; who goes beyond
loses more than a notification that stays a little too long."""


def subscribe(
    *, person: User, session_key: str, endpoint: str, public_key: str, auth: str
) -> Subscription:
    """Reach somebody in the browser of this session from now on, and forget what was known of it.

    Raises ValidationError for what cannot be a subscription, and where there are too many.
    """
    keys = _read_keys(public_key, auth)
    _check_endpoint(endpoint)
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    with transaction.atomic():
        # Locked: two tabs that come at once, or twenty-one browsers, go one after the other.
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        session = Session.objects.get(session_key=session_key, person=person)
        known = Subscription.objects.filter(digest=digest).first()
        # Only the browser itself knows its secret: nobody takes over what they have merely seen.
        if known and known.person_id != person.pk and bytes(known.auth) != keys[1]:
            raise ValidationError(_("This browser is known with other keys. Turn push on anew."))
        others = Subscription.objects.filter(person=person).exclude(digest=digest)
        # A browser has one at a time, and so has a session.
        others.filter(session=session).delete()
        if others.count() >= MAX_DEVICES:
            raise ValidationError(
                _("You have push in %(count)s browsers already. Remove one of them first."),
                params={"count": MAX_DEVICES},
            )
        subscription, _made = Subscription.objects.update_or_create(
            digest=digest,
            defaults={
                "person": person,
                "session": session,
                "endpoint": endpoint,
                "public_key": keys[0],
                "auth": keys[1],
                "failures": 0,
                "error": "",
                "disabled": None,
            },
        )
    return subscription


def unsubscribe(*, person: User, subscription: int) -> Subscription:
    """Reach somebody no more in one of their browsers. Raises ObjectDoesNotExist."""
    found = Subscription.objects.get(pk=subscription, person=person)
    found.delete()
    return found


def ask_for_test(*, person: User, subscription: int) -> None:
    """Have a test sent to one of somebody's browsers, by the process that sends everything. What
    becomes of it stands on the row. Raises ObjectDoesNotExist."""
    found = Subscription.objects.get(pk=subscription, person=person)
    Subscription.objects.filter(pk=found.pk).update(told=None, error="")
    enqueue("notifications.test_push", subscription=found.pk, language=get_language() or "en")


def note(subscription: Subscription, answer: Answer) -> Verdict:
    """Write down what a push service has answered, and draw the consequences."""
    verdict, reason = judge(answer.status), reason_of(answer)
    if verdict is Verdict.SENT:
        _write(subscription, told=timezone.now(), failures=0, error="")
    elif verdict is Verdict.GONE:
        _delete(subscription)
    elif verdict is Verdict.LATER:
        _write(subscription, error=reason)
    elif verdict is Verdict.KEY:
        _turn_off(subscription, reason)
    else:
        _count_refusal(subscription, reason)
    return verdict


def reason_of(answer: Answer) -> str:
    """Return in a few words what went wrong."""
    return answer.trouble or f"The push service answered {answer.status}"


def may_be_silent(subscriptions: Sequence[Subscription], today: date) -> list[Subscription]:
    """Return those to which a push may go that shows nothing, and count it."""
    return [one for one in subscriptions if _count_silent(one, today)]


def forget_unused() -> int:
    """Delete what belongs to no session any more, or to an account that was deactivated."""
    unused = Subscription.objects.filter(
        ~Q(session__in=Session.objects.signed_in()) | Q(person__is_active=False)
    )
    count, _by_model = unused.delete()
    return count


def _read_keys(public_key: str, auth: str) -> tuple[bytes, bytes]:
    try:
        keys = from_text(public_key), from_text(auth)
        read_public(keys[0])
    except ValueError as error:
        raise ValidationError(_("These are not the keys of a browser.")) from error
    if len(keys[1]) != AUTH_SIZE:
        raise ValidationError(_("These are not the keys of a browser."))
    return keys


def _check_endpoint(text: str) -> None:
    try:
        endpoint = read_endpoint(text)
    except NotAllowed as error:
        raise ValidationError(_("This browser's push service cannot be used here.")) from error
    is_number = endpoint.host.replace(".", "").isdigit() or ":" in endpoint.host
    if is_number and not is_public(endpoint.host) and not endpoint.is_ours:
        raise ValidationError(_("This browser's push service cannot be used here."))


def _count_silent(subscription: Subscription, today: date) -> bool:
    # Won by the row count: two who withdraw at once do not both take the last one.
    rows = Subscription.objects.filter(pk=subscription.pk)
    if rows.exclude(silent_on=today).update(silent_on=today, silent=1):
        return True
    return rows.filter(silent__lt=MAX_SILENT).update(silent=F("silent") + 1) > 0


def _delete(subscription: Subscription) -> None:
    # As it was sent to: the page may have subscribed anew meanwhile, under the same number.
    Subscription.objects.filter(pk=subscription.pk, digest=subscription.digest).delete()


def _turn_off(subscription: Subscription, reason: str) -> None:
    logger.error(
        "%s refuses the key of this installation for subscription %d (%s): are VAPID_PRIVATE_KEY, "
        "PUSH_CONTACT and the clock right? It is off until its page turns it on again.",
        subscription.service, subscription.pk, reason,
    )  # fmt: skip
    _write(subscription, error=reason, disabled=timezone.now())


def _count_refusal(subscription: Subscription, reason: str) -> None:
    if subscription.failures + 1 >= MAX_FAILURES:
        logger.warning("Subscription %d is forgotten: %s", subscription.pk, reason)
        _delete(subscription)
    else:
        _write(subscription, error=reason, failures=F("failures") + 1)


def _write(subscription: Subscription, **values: object) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(**values)
