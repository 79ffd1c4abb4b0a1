"""The address of an account, which its owner changes by opening a link that was sent to the new
one. The link is signed and stored nowhere: it is made from the address and the password that the
account has, and is over when either changes."""

from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from realtime_project.accounts import mail
from realtime_project.accounts.models import User

SALT = "accounts.email"


class EmailLinkOver(Exception):
    """The link is forged, too old or used, or is not for this account."""


def ask_for_email(*, person: User, email: str, link: Callable[[str], str]) -> None:
    """Send a link to a new address. Whoever asks hears nothing else where it is somebody's
    already: that person is told, and nobody learns who has an account here."""
    email = email.lower()
    if email == person.email.lower():
        raise ValidationError(_("This is your address already."))
    holder = User.objects.filter(email__iexact=email).first()
    try:
        if holder:
            mail.send("address_taken", holder.email, person=holder)
        else:
            mail.send("new_address", email, person=person, link=link(_key(person, email)))
    except OSError as error:
        raise ValidationError(_("The letter could not be sent. Try again later.")) from error


def new_email(person: User, key: str) -> str:
    """Return the address that a link is good for. Raises EmailLinkOver."""
    try:
        said = signing.loads(key, salt=SALT, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except signing.BadSignature as error:
        raise EmailLinkOver from error
    if said["person"] != person.pk or not constant_time_compare(said["proof"], _proof(person)):
        raise EmailLinkOver
    email: str = said["email"]
    return email


def change_email(*, person: User, key: str) -> None:
    """Give an account the address that a link was sent to, and tell the old one."""
    before, email = person.email, new_email(person, key)
    person.email = email
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
            # robust: it is changed, whether or not the old address still takes mail.
            transaction.on_commit(lambda: _tell_old(person, before), robust=True)
    except IntegrityError as error:
        person.email = before
        # Whoever opened the link has the mailbox: this tells them nothing about others.
        raise ValidationError(_("Another account has this address already.")) from error


def _tell_old(person: User, email: str) -> None:
    mail.send("address_changed", email, person=person)


def _key(person: User, email: str) -> str:
    said = {"person": person.pk, "email": email, "proof": _proof(person)}
    return signing.dumps(said, salt=SALT)


def _proof(person: User) -> str:
    made_from = f"{person.email}:{person.password}"
    return salted_hmac(SALT, made_from, algorithm="sha256").hexdigest()[:32]
