"""What a person has chosen. Who has chosen nothing has no row and gets what the kinds say."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Digest(models.TextChoices):
    """How often somebody gets a digest."""

    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("once a week")


class Preferences(models.Model):
    """One person's choices."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notification_preferences",
    )
    # By the name of a kind, as `stored.py` writes them; what is as the kind says is not in it.
    choices = models.JSONField(default=dict)
    muted_until = models.DateTimeField(_("muted until"), null=True)
    # The seven windows of a week, Monday first: times of the wall, or null.
    quiet = models.JSONField(default=list)
    lets_urgent_through = models.BooleanField(_("urgent things break through"), default=True)
    # The link at the end of every letter: nothing comes by mail, whatever the kinds say.
    is_mail_off = models.BooleanField(_("no e-mail"), default=False)
    digest = models.CharField(
        _("e-mail digest"), max_length=6, choices=Digest, default=Digest.DAILY
    )
    # Of a weekly one, Monday first.
    digest_day = models.PositiveSmallIntegerField(_("on"), default=0)

    class Meta:
        verbose_name = _("notification preferences")
        verbose_name_plural = _("notification preferences")

    def __str__(self) -> str:
        return str(self.person)


class Regard(models.Model):
    """How somebody takes what another person does."""

    class How(models.TextChoices):
        MUTED = "muted", _("says nothing")
        THROUGH = "through", _("breaks through quiet hours")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="regards"
    )
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=7, choices=How)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], name="one_regard_each"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.other} {self.get_how_display()}"


class Keyword(models.Model):
    """A word by which somebody wants to be found."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="keywords"
    )
    word = models.CharField(max_length=40)
    # As it is compared. It may be longer: some single signs stand for whole words.
    folded = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "folded"], name="one_keyword_each"),
        ]

    def __str__(self) -> str:
        return self.word
