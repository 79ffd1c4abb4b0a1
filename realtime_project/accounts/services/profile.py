"""What people say of themselves."""

from typing import IO

from django.db import transaction

from realtime_project.accounts import pictures
from realtime_project.accounts.models import User


def save_profile(
    *,
    person: User,
    display_name: str,
    avatar_color: int,
    time_zone: str,
    theme: str,
    picture: IO[bytes] | None = None,
    without_picture: bool = False,
) -> None:
    """Store a profile. A new picture replaces the old one, whose file goes when nothing can
    refer to it any more."""
    before = person.picture
    if picture is not None:
        person.picture = pictures.store(person.pk, picture)
    elif without_picture:
        person.picture = ""
    person.display_name, person.avatar_color = display_name, avatar_color
    person.time_zone, person.theme = time_zone, theme
    with transaction.atomic():
        person.save(update_fields=["display_name", "avatar_color", "time_zone", "theme", "picture"])
        if before and before != person.picture:
            transaction.on_commit(lambda: pictures.remove(before))
