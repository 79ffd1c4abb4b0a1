"""What the kernel itself keeps: the installation's epoch, and who has lost access."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Q

from realtime_project.live.streams import Stream, StreamRow


def new_epoch() -> str:
    """Return a name for one unbroken history of the database."""
    return secrets.token_hex(4)


class Installation(models.Model):
    """The one row that names the epoch. Whoever restores a backup changes it
    (`manage.py new_epoch`), so that no client trusts a cursor of the lost future."""

    epoch = models.CharField(max_length=16, default=new_epoch)

    def __str__(self) -> str:
        return self.epoch

    @classmethod
    def current(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]


class Control(Stream):
    """The stream that every hub follows: sessions and people whose sockets must close."""

    kind = "control"

    @classmethod
    def current(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]


class Revocation(StreamRow):
    """A session or a person that lost access. The session's key is kept as a digest only,
    so that nobody can sign in with what stands here."""

    stream = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="revocations")
    session = models.CharField(max_length=64, blank=True)
    person = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=16)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["stream", "rev"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(session="") | Q(person__isnull=False), name="revokes_something"
            )
        ]
