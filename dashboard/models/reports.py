"""The one way in: reports, numbered by one stream."""

from typing import ClassVar, Self

from django.db import models

from realtime_project.live.streams import Stream, StreamRow


class Measures(Stream):
    """The one stream that numbers all reports. Whoever applies them in the order of their revs
    has counted each exactly once."""

    kind: ClassVar[str] = "measures"
    lock_order = 8

    @classmethod
    def current(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]


class StoredReport(StreamRow):
    """What one process measured within a second, or somebody sent in at once. It is kept until it
    stands in every tier, and a little longer for those who were away for a moment."""

    stream = models.ForeignKey(Measures, on_delete=models.PROTECT, related_name="reports")
    origin = models.CharField(max_length=120)
    # The last second of which it tells something, in Unix time.
    second = models.BigIntegerField()
    # The same where a process tells of itself, which it does once for each second; otherwise null.
    beat = models.BigIntegerField(null=True)
    # When its process began to store it, by the database's clock as that process knows it: every
    # worker measures how long it took to hear of it.
    sent = models.FloatField(null=True)
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rev"], name="one_report_a_rev"),
            models.UniqueConstraint(fields=["origin", "beat"], name="one_beat_a_second"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} @{self.rev}"
