"""What programs have said, for as long as they may say it again by mistake."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Published(models.Model):
    """One thing that a program said. Its row is written in the transaction that does it, so that
    of a hundred who come with the same key at once one does it and the others find the answer."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    key = models.CharField(max_length=255, null=True, editable=False)  # noqa: DJ001 (many have none)
    target = models.CharField(_("to"), max_length=200)
    # Over the target and all that was said: the same key may not mean something else.
    fingerprint = models.CharField(max_length=64, editable=False)
    # JSON: what those are told of who are told later, and what was answered.
    content = models.TextField(default="{}")
    answer = models.TextField(default="{}")
    created = models.DateTimeField(_("since"), db_index=True)

    class Meta:
        verbose_name = _("message from a program")
        verbose_name_plural = _("messages from programs")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "key"], name="one_message_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.pk} to {self.target}"
