"""A letter about notifications: its words in the language of who gets it, and its headers."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from notifications.deliveries.channels import Item
from notifications.deliveries.models import Why
from notifications.mail.unsubscribing import unsubscribe_path
from realtime_project.accounts.mail import compose
from realtime_project.accounts.models import User

MAX_SHOWN = 50


def letter(person: User, items: Sequence[Item]) -> EmailMultiAlternatives:
    """Write a letter about some notifications, of which there is at least one."""
    with override(person.read_language), timezone.override(ZoneInfo(person.zone)):
        newest = sorted(items, key=attrgetter("happened"), reverse=True)
        off = _address(unsubscribe_path(person.pk))
        context = {
            "heading": _subject(items),
            "groups": _by_room(newest[:MAX_SHOWN]),
            "others": max(0, len(items) - MAX_SHOWN),
            "inbox": _address(reverse("inbox")),
            "settings": _address(reverse("notifications")),
            "off": off,
            "site_name": settings.SITE_NAME,
            "language": person.read_language,
        }
        return compose(
            to=person.email,
            subject=f"{_subject(items)} · {settings.SITE_NAME}",
            text=render_to_string("notifications/mail/letter.txt", context),
            html=render_to_string("notifications/mail/letter.html", context),
            headers={
                "Message-ID": _message_id(items),
                # Nobody's holiday answers to it.
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{off}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )


def _subject(items: Sequence[Item]) -> str:
    count, why = len(items), items[0].why
    if why is Why.DIGEST:
        said = ngettext(
            "Your digest: %(count)d notification", "Your digest: %(count)d notifications", count
        )
    elif why is Why.QUIET:
        said = ngettext(
            "While it was quiet: %(count)d notification",
            "While it was quiet: %(count)d notifications",
            count,
        )
    elif count == 1:
        return items[0].text or items[0].label
    else:
        said = ngettext("%(count)d notification", "%(count)d notifications", count)
    return said % {"count": count}


def _by_room(items: Sequence[Item]) -> list[tuple[str, list[dict[str, object]]]]:
    """What is about one room stands together, the room of the newest first."""
    places = list(dict.fromkeys(item.where for item in items))
    ordered = sorted(items, key=lambda item: places.index(item.where))
    return [
        (where or gettext("Elsewhere"), [_shown(item) for item in some])
        for where, some in groupby(ordered, key=attrgetter("where"))
    ]


def _shown(item: Item) -> dict[str, object]:
    url = _address(item.url) if item.url else _address(reverse("inbox"))
    return {
        "text": item.text,
        "detail": item.detail,
        "label": item.label,
        "url": url,
        "happened": item.happened,
    }


def _message_id(items: Sequence[Item]) -> str:
    """The same for the same items: who gets a letter twice can be shown it once."""
    numbers = ",".join(str(number) for number in sorted(item.delivery for item in items))
    digest = sha256(numbers.encode()).hexdigest()[:24]
    return f"<notification.{digest}@{urlsplit(settings.SITE_URL).hostname}>"


def _address(path: str) -> str:
    return urljoin(f"{settings.SITE_URL}/", path)
