"""Forms of chat's pages."""

from django import forms

from chat.models import Room


class RoomForm(forms.ModelForm):
    """A new room."""

    class Meta:
        model = Room
        fields = ["name", "topic", "is_private", "is_history_open"]
