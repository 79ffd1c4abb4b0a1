"""What is measured, without what was measured of it."""

from django.db import models


class Kind(models.TextChoices):
    """What the numbers of a series mean."""

    COUNTER = "counter"  # how much was added within a step of time
    GAUGE = "gauge"  # how much there is
    HISTOGRAM = "histogram"  # how values are spread


class Series(models.Model):
    """A name with labels. Our own have no source; what was sent in has that by which it came."""

    # A digest of source, name and labels: one look-up, and one row however many make it at once.
    key = models.CharField(max_length=32, unique=True, editable=False)
    source = models.BigIntegerField(null=True, editable=False)
    # By which of its source's tokens it was made first. That one's room it takes.
    token = models.BigIntegerField(null=True, editable=False)
    name = models.CharField(max_length=200)
    labels = models.JSONField(default=dict)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    unit = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name_plural = "series"
        indexes = [
            models.Index(fields=["name"]),
            models.Index(fields=["source"]),
            models.Index(fields=["token"]),
        ]

    def __str__(self) -> str:
        labels = ", ".join(f"{label}={value}" for label, value in sorted(self.labels.items()))
        return f"{self.name}{{{labels}}}" if labels else self.name
