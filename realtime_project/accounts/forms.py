"""Forms that make and change accounts."""

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from realtime_project.accounts import pictures, services
from realtime_project.accounts.links import INVITATION, invitation_over
from realtime_project.accounts.models import Invitation, Theme, User
from realtime_project.accounts.scopes import scopes

CONTINENTS = (
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian",
    "Pacific",
)  # fmt: skip
# Names of the palette in static/css/avatar.css, for those who do not see it.
COLORS = (
    _("Blue"), _("Teal"), _("Rust"), _("Violet"), _("Rose"), _("Green"),
    _("Ochre"), _("Ocean"), _("Red"), _("Indigo"), _("Plum"), _("Slate"),
)  # fmt: skip


def scope_choices() -> list[Any]:
    """Return what people may choose a token to be good for."""
    return [(scope.name, scope.label) for scope in scopes().values() if scope.is_offered]


class SignUpForm(SignupForm):
    """How newcomers make an account: by an invitation, or where everybody may."""

    display_name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput({"autocomplete": "name"})
    )
    field_order = ["display_name", "username", "email", "password1"]

    invitation: Invitation | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _("At least eight characters.")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account and count the invitation's use, both or neither."""
        try:
            with transaction.atomic():
                self.invitation = services.accept_invitation(request.session.get(INVITATION))
                user, response = super().try_save(request)
        except services.InvitationOver as over:
            return None, invitation_over(request, over.state)
        request.session.pop(INVITATION, None)
        return user, response

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        user.display_name = self.cleaned_data["display_name"]
        user.invitation = self.invitation
        user.save(update_fields=["display_name", "invitation"])


class InvitationForm(forms.Form):
    """What an invitation is good for."""

    note = forms.CharField(
        label=_("Who is it for?"),
        help_text=_("Only those who may invite see it."),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    max_uses = forms.IntegerField(label=_("How many people"), min_value=1, max_value=500, initial=1)
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        initial=7,
        choices=[(1, _("a day")), (7, _("a week")), (30, _("a month"))],
    )


class TokenForm(forms.Form):
    """What a token is good for, and for how long."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("So that you know it again, such as “backup of the web server”."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Good for"), widget=forms.CheckboxSelectMultiple, choices=scope_choices
    )
    days = forms.TypedChoiceField(
        label=_("Expires"),
        coerce=int,
        initial=90,
        choices=[
            (7, _("after a week")),
            (30, _("after a month")),
            (90, _("after three months")),
            (365, _("after a year")),
            (0, _("never")),
        ],
    )

    @property
    def lasts(self) -> timedelta | None:
        """For how long it is good, or None for ever."""
        days: int = self.cleaned_data["days"]
        return timedelta(days=days) if days else None


class TokenForSomebodyForm(TokenForm):
    """The same of somebody whom one looks after, such as a bot."""

    owner = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.filter(is_active=True).order_by("username")
    )
    field_order = ["owner", "name", "scopes", "days"]


class ProfileForm(forms.Form):
    """What people say of themselves."""

    display_name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput({"autocomplete": "name"})
    )
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        help_text=_("JPEG, PNG, WebP or GIF, at most 8 MB. Its middle is shown as a square."),
    )
    without_picture = forms.BooleanField(label=_("Remove the picture"), required=False)
    avatar_color = forms.TypedChoiceField(
        label=_("Colour"), coerce=int, choices=list(enumerate(COLORS)), widget=forms.RadioSelect
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zones()  # type: ignore[attr-defined]

    def clean_picture(self) -> UploadedFile | None:
        upload: UploadedFile | None = self.cleaned_data["picture"]
        if upload and upload.size and upload.size > pictures.MAX_BYTES:
            raise forms.ValidationError(_("This file is larger than 8 MB. Take a smaller one."))
        return upload


def time_zones() -> list[Any]:
    """Return every zone that a person may live in, by continent; first that of the place."""
    continents: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        continent, _slash, city = zone.partition("/")
        if city and continent in CONTINENTS:
            continents.setdefault(continent, []).append((zone, city.replace("_", " ")))
    server = _("As the server: %(zone)s") % {"zone": settings.TIME_ZONE}
    return [("", server), ("UTC", "UTC"), *continents.items()]


class EmailForm(forms.Form):
    """Another address for an account."""

    email = forms.EmailField(
        label=_("New address"),
        max_length=254,
        help_text=_("A letter with a link goes there."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


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
