"""Lines of logs, in batches."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from dashboard.models.ingest import IngestSource
from realtime_project.live.streams import Stream, StreamRow


class Log(Stream):
    """The one stream of all lines: those of the installation itself and those that were sent.
    Its lock is that of the sources' streams too, which have its numbers."""

    kind: ClassVar[str] = "log"
    lock_order = 7

    @classmethod
    def current(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]


class LogBatch(StreamRow):
    """Lines that came together, compressed: a row for each line would cost twenty times as much,
    and nobody changes a line. What searches ask stands beside them, so that most are not opened."""

    stream = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="batches")
    # Our own have none.
    source = models.ForeignKey(
        IngestSource, on_delete=models.CASCADE, null=True, related_name="batches"
    )
    origin = models.CharField(max_length=120)
    # Unix seconds of the earliest and the latest line.
    first = models.FloatField()
    last = models.FloatField()
    # A bit for each level that is in it.
    levels = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    size = models.PositiveIntegerField()  # bytes, as stored
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rev"], name="one_log_batch_a_rev"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "rev"]),
            models.Index(fields=["last"]),
        ]

    def __str__(self) -> str:
        return f"{self.count} lines of {self.origin} @{self.rev}"


class KeptRequest(models.Model):
    """That what a request brought is kept, by the key with which it may come again. It is written
    together with its lines."""

    source = models.ForeignKey(IngestSource, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    # Of what was sent: the same key for other lines is a mistake of the sender's.
    fingerprint = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="one_request_a_key")
        ]
        indexes: ClassVar = [models.Index(fields=["created"])]

    def __str__(self) -> str:
        return self.key
