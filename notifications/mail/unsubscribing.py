"""The link at the end of every letter, and what it does: no more letters, and nothing else.

It is signed and does not expire: who finds it in an old letter wants the same.
"""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from notifications.preferences.models import Preferences
from realtime_project.accounts.models import User

_signer = Signer(salt="notifications.mail.off")


def unsubscribe_path(person: int) -> str:
    """Return the address by which somebody wants no more letters."""
    return reverse("mail-off", args=[_signer.sign(str(person))])


def person_of(token: str) -> User | None:
    """Return whose link this is, or None for what was not made here."""
    try:
        return User.objects.filter(pk=int(_signer.unsign(token))).first()
    except (BadSignature, ValueError):
        return None


def switch_mail_off(person: int) -> None:
    """Send somebody no more letters, whatever the kinds say."""
    Preferences.objects.update_or_create(person_id=person, defaults={"is_mail_off": True})
