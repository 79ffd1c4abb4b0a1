"""Forms that make accounts."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from realtime_project.accounts.models import User


class DisplayNameForm(forms.Form):
    """What sign-up asks beside allauth's own fields."""

    display_name = forms.CharField(label=_("Your name"), max_length=80)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])


class OwnerForm(forms.ModelForm):
    """The first account of an installation."""

    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least eight characters."),
    )

    class Meta:
        model = User
        fields = ["display_name", "username", "email"]
        labels = {"display_name": _("Your name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password1")
        if password:
            candidate = User(**{name: cleaned.get(name, "") for name in self.Meta.fields})
            try:
                password_validation.validate_password(password, candidate)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned
