"""What was measured, kept per series in steps of time, and who keeps it."""

from django.db import models
from django.db.models.functions import Now

from dashboard.models.series import Series


class Chunk(models.Model):
    """What was measured of one series within a stretch of time, in steps of one tier."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="chunks")
    tier = models.PositiveIntegerField()  # seconds of a step
    start = models.BigIntegerField()  # Unix time
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "tier", "start"], name="one_chunk_a_stretch")
        ]
        indexes = [models.Index(fields=["tier", "start"])]

    def __str__(self) -> str:
        return f"{self.series_id} by {self.tier} s from {self.start}"


class Watermark(models.Model):
    """Up to which rev all reports stand in a tier. It moves in the transaction that writes them
    there, and only from where its mover has read it."""

    tier = models.PositiveIntegerField(primary_key=True)
    rev = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.tier} s: {self.rev}"


class Lease(models.Model):
    """Which process does what one alone should do. It ends by itself."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=120)
    # By the database's clock, as whoever asks compares it.
    until = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
