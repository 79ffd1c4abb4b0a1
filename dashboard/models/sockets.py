"""Asking all workers who is connected to them, and what they answer."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now

from realtime_project.live.streams import Stream, StreamRow


class SocketsAsked(Stream):
    """The stream by which workers are asked: every rev is a question, or closes a socket."""

    kind: ClassVar[str] = "sockets"
    lock_order = 8

    # By the database's clock: many who look ask once.
    asked = models.DateTimeField(null=True)

    @classmethod
    def current(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]


class SocketEnd(StreamRow):
    """A socket that somebody has closed, by its name, which begins with that of its worker."""

    stream = models.ForeignKey(SocketsAsked, on_delete=models.PROTECT, related_name="ends")
    socket = models.CharField(max_length=150)
    created = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["rev"])]

    def __str__(self) -> str:
        return self.socket


class WorkerSockets(models.Model):
    """The sockets of one worker when it was last asked."""

    worker = models.CharField(max_length=120, unique=True)
    rev = models.BigIntegerField()
    told = models.DateTimeField(db_default=Now(), editable=False)
    body = models.BinaryField()

    def __str__(self) -> str:
        return self.worker
