"""The traces of decisions."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Trace(models.Model):
    """The reasons for the last decision about one person and one event. What is decided again
    after a wait takes the place of what was decided first."""

    # Many are written at once, and forgotten soon: the database need not look up each person, and
    # the constraint below begins with it.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    # What was decided about, by reference, such as `message:118`.
    subject = models.CharField(_("subject"), max_length=100)
    kind = models.CharField(_("kind"), max_length=60)
    decided = models.DateTimeField(_("decided"), db_default=Now(), editable=False)
    # A list of lines, each a code and its values.
    lines = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "subject", "kind"], name="one_trace_each")
        ]
        indexes = [models.Index(fields=["decided"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} for {self.person_id}"
