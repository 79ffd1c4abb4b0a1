"""Labels as people type them: `worker=web*, team=chat`."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext

MAX_LABELS = 20
MAX_CHARACTERS = 200


class LabelsField(forms.CharField):
    """Names and values, or globs, with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        widget = forms.TextInput({"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=2000, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Mapping) else value

    def clean(self, value: Any) -> dict[str, str]:
        """Return what was typed, by name."""
        parts = [part.strip() for part in super().clean(value).split(",") if part.strip()]
        pairs = [part.partition("=") for part in parts]
        for name, sign, text in pairs:
            if not sign or not name.strip() or max(len(name), len(text)) > MAX_CHARACTERS:
                raise forms.ValidationError(gettext("Write “name=value”, with commas in between."))
        if len(pairs) > MAX_LABELS:
            raise forms.ValidationError(gettext("That are too many labels."))
        return {name.strip(): text.strip() for name, _sign, text in pairs}


def written(labels: Mapping[str, str]) -> str:
    """Return labels as they are typed."""
    return ", ".join(f"{name}={value}" for name, value in labels.items())
