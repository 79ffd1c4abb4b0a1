"""What the kernel itself keeps: the installation's epoch, and who has lost access."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

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
    # The last: who waits for a room's row would hold up every sign-out.
    lock_order = 9

    @classmethod
    def current(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]


class Revocation(StreamRow):
    """Access that was taken away: of one session, of a person to one stream (`key`, from
    `key_rev` on), or of a person altogether. The session's key is kept as a digest only, so that
    nobody can sign in with what stands here."""

    stream = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="revocations")
    session = models.CharField(max_length=64, blank=True)
    person = models.BigIntegerField(null=True)
    key = models.CharField(max_length=64, blank=True)
    key_rev = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=16)
    # By the database's clock, as is what receipts compare it with.
    created = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["stream", "rev"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(session="") | Q(person__isnull=False), name="revokes_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} @{self.rev}"


class Receipt(models.Model):
    """A worker's word that it has carried a revocation out: how many sockets it closed, and how
    long after the revocation."""

    revocation = models.ForeignKey(Revocation, on_delete=models.CASCADE, related_name="receipts")
    worker = models.CharField(max_length=100)
    sockets = models.PositiveIntegerField()
    milliseconds = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revocation", "worker"], name="one_receipt_a_worker")
        ]

    def __str__(self) -> str:
        return f"{self.worker}: {self.sockets} after {self.milliseconds} ms"


class Looking(models.Model):
    """What the people of one worker had before their eyes when it last said so; see `seeing`."""

    worker = models.CharField(max_length=100, unique=True)
    # By the database's clock, which is the same for whoever asks.
    told = models.DateTimeField(db_default=Now(), editable=False)
    report = models.BinaryField()

    def __str__(self) -> str:
        return self.worker
