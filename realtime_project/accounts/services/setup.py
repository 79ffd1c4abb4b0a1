"""The first account of an installation, behind a one-time link."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from realtime_project import installation
from realtime_project.accounts.models import User


class AlreadySetUp(Exception):
    """Somebody else made the owner account first."""


def needs_owner() -> bool:
    """Return whether this installation still waits for somebody who may do everything in it."""
    return not User.objects.filter(is_superuser=True).exists()


def setup_token() -> str:
    """Return the secret that lets its holder make the owner account, made on first use."""
    return installation.secret(_token_file())


def check_setup_token(token: str) -> None:
    """Raise AlreadySetUp once there is an owner, and PermissionDenied for a wrong token."""
    if not needs_owner():
        raise AlreadySetUp
    if not constant_time_compare(token, setup_token()):
        raise PermissionDenied


def create_owner(*, username: str, email: str, display_name: str, password: str) -> User:
    """Make the first account, with every right. Of two who try at once one gets AlreadySetUp."""
    owner = User(
        username=username,
        email=email,
        display_name=display_name,
        is_owner=True,
        is_staff=True,
        is_superuser=True,
    )
    owner.set_password(password)
    try:
        with transaction.atomic():
            owner.save()
    except IntegrityError as error:
        raise AlreadySetUp from error
    _token_file().unlink(missing_ok=True)
    return owner


def _token_file() -> Path:
    path: Path = settings.VAR / "setup_token"
    return path
