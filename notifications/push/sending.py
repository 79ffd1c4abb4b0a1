"""Sending: to all browsers of somebody, or to one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from notifications import queries
from notifications.deliveries.channels import Again, Gone, Item, Outcome, Refused, Sent
from notifications.deliveries.models import Why
from notifications.push import services
from notifications.push.answers import Verdict, judge, wait_of
from notifications.push.encryption import MAX_PLAIN, encrypt
from notifications.push.models import Subscription
from notifications.push.payload import Payload, pack, topic
from notifications.push.posting import Answer, Post, post_all
from realtime_project.accounts.models import User

TTL = timedelta(days=1)
"""How long a push service keeps what it cannot bring yet: after a day the inbox says it better."""
URGENT = 5
URGENCY = {1: "very-low", 2: "low", 3: "normal", 4: "high", URGENT: "high"}
SMALLER = (MAX_PLAIN, 2_000, 1_000)
"""What is tried where a push service takes less than it has to."""
MAX_EACH = 3
"""More at once than so many are told in one."""
NEVER_SILENT = ("push.apple.com",)
"""Whose browsers take the permission away after three pushes that show nothing."""


@dataclass(frozen=True)
class Letter:
    """What goes to browsers, and how soon."""

    payload: Payload
    priority: int = 3


def send(person: User, items: Sequence[Item], target: str) -> Sequence[Outcome]:
    """Show these to somebody in all of their browsers, or in the one that is left to be told."""
    subscriptions = list(Subscription.objects.in_use([person.pk]))
    if target:
        subscriptions = [one for one in subscriptions if str(one.pk) == target]
    if not subscriptions:
        return [Gone()]
    answers: dict[int, Answer] = {}
    for letter in _letters(person, items):
        # Where one did not arrive the next would come before it, or in vain.
        left = [one for one in subscriptions if _has_got_all(answers.get(one.pk))]
        answers |= zip([one.pk for one in left], deliver(letter, left), strict=True)
    return [
        _outcome(one, services.note(one, answers[one.pk]), answers[one.pk]) for one in subscriptions
    ]


def send_test(subscription: int) -> None:
    """Show a few words that say that they have arrived."""
    there = list(Subscription.objects.filter(pk=subscription))
    payload = Payload(
        title=settings.SITE_NAME,
        body=_("This is how notifications reach you here."),
        tag="test",
        url="/settings/notifications/#push",
        test=True,
    )
    for one, answer in zip(there, deliver(Letter(payload), there), strict=True):
        services.note(one, answer)


def withdraw(person: User, items: Sequence[Item]) -> None:
    """Take away what was shown, and what a push service has not brought yet: the same topic
    replaces it. Only where the browser lets a push show nothing. Nothing unread, it takes away all
    that it shows, summaries included."""
    subscriptions = [
        one
        for one in Subscription.objects.in_use([person.pk])
        if not one.service.endswith(NEVER_SILENT)
    ]
    for tag in dict.fromkeys(item.tag for item in items):
        there = services.may_be_silent(subscriptions, timezone.localdate())
        payload = Payload(title="", tag=tag, close=True, unread=_unread(person))
        for one, answer in zip(there, deliver(Letter(payload, 1), there), strict=True):
            services.note(one, answer)


def deliver(letter: Letter, subscriptions: Sequence[Subscription]) -> list[Answer]:
    """Hand a letter to the push service of each of these, smaller where it was too large."""
    answers: dict[int, Answer] = {}
    left = list(subscriptions)
    for limit in SMALLER:
        plain = pack(letter.payload, limit)
        posts = [_post(letter, plain, one) for one in left]
        answers |= zip([one.pk for one in left], post_all(posts), strict=True)
        left = [one for one in left if answers[one.pk].status == 413]
        if not left:
            break
    return [answers[one.pk] for one in subscriptions]


def _post(letter: Letter, plain: bytes, subscription: Subscription) -> Post:
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(TTL.total_seconds())),
        "Topic": topic(letter.payload.tag),
        "Urgency": URGENCY[letter.priority],
    }
    public_key, auth = bytes(subscription.public_key), bytes(subscription.auth)
    body = encrypt(plain, public_key=public_key, auth=auth)
    return Post(subscription.endpoint, headers, body)


def _letters(person: User, items: Sequence[Item]) -> list[Letter]:
    """Return a letter for each notification; one for all that has waited, or is a heap."""
    unread = _unread(person)
    if len(items) > MAX_EACH or (len(items) > 1 and items[0].why is not Why.INSTANT):
        with override(person.read_language):
            return [_summary(items, unread)]
    return [Letter(_payload(item, unread), item.priority) for item in items]


def _payload(item: Item, unread: int | None) -> Payload:
    return Payload(
        title=item.where or settings.SITE_NAME,
        body="\n".join(filter(None, (item.text, item.detail))),
        tag=item.tag,
        url=item.url,
        unread=unread,
        urgent=item.priority >= URGENT,
    )


def _summary(items: Sequence[Item], unread: int | None) -> Letter:
    told = ngettext("%(count)s notification", "%(count)s notifications", len(items))
    payload = Payload(
        title=f"{told % {'count': len(items)}} · {settings.SITE_NAME}",
        body="\n".join(dict.fromkeys(item.text for item in reversed(items))),
        tag="several",
        url="/inbox/",
        unread=unread,
    )
    return Letter(payload, max(item.priority for item in items))


def _has_got_all(answer: Answer | None) -> bool:
    return answer is None or judge(answer.status) is Verdict.SENT


def _unread(person: User) -> int | None:
    counts = queries.counts([person.pk]).get(person.pk)
    return counts.unread if counts else None


def _outcome(subscription: Subscription, verdict: Verdict, answer: Answer) -> Outcome:
    if verdict is Verdict.SENT:
        return Sent()
    if verdict is Verdict.GONE:
        return Gone()
    reason = f"{subscription.service}: {services.reason_of(answer)}"
    if verdict is Verdict.LATER:
        wait = wait_of(answer.retry_after, timezone.now())
        return Again(reason, wait, str(subscription.pk))
    return Refused(reason)
