"""Forms of chat's pages."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chat.models import Room

MAX_SEQ = 2**53


class RoomForm(forms.ModelForm):
    """A new room."""

    class Meta:
        model = Room
        fields = ["name", "topic", "is_private", "is_history_open"]


class FactsForm(forms.ModelForm):
    """What an admin changes of a room."""

    class Meta:
        model = Room
        fields = ["name", "topic", "is_history_open", "is_default"]

    def clean_name(self) -> str:
        """Refuse a public room's name that is taken: the model's own check looks at whether the
        room is private, which this form does not ask."""
        name: str = self.cleaned_data["name"].strip()
        others = Room.objects.public().exclude(pk=self.instance.pk).filter(name__iexact=name)
        if not self.instance.is_private and others.exists():
            raise ValidationError(_("There is already a public room with this name."))
        return name


class ReadingForm(forms.Form):
    """What an admin reads a private room for, and from where on backwards."""

    reason = forms.CharField(
        label=_("What for"), max_length=200, help_text=_("It stands in the log beside your name.")
    )
    before = forms.IntegerField(
        required=False, min_value=1, max_value=MAX_SEQ, widget=forms.HiddenInput
    )
