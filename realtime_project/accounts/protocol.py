"""People on the wire."""

from typing import Self

import msgspec

from realtime_project.accounts.models import User


class Person(msgspec.Struct, frozen=True):
    """Somebody, as others see them."""

    id: int
    username: str
    name: str
    color: int
    picture: str | None
    """A version: the picture is at `/people/pictures/<version>.webp`, and another one elsewhere."""
    bot: bool

    @classmethod
    def of(cls, person: User) -> Self:
        return cls(
            id=person.pk,
            username=person.username,
            name=person.get_full_name(),
            color=person.avatar_color,
            picture=person.picture_version,
            bot=person.is_bot,
        )
