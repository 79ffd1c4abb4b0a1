"""What people say of themselves, and their pictures."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from realtime_project.accounts import pictures, services
from realtime_project.accounts.forms import ProfileForm
from realtime_project.accounts.views.people import PersonalView

A_YEAR = 365 * 24 * 3600


class ProfileView(PersonalView, FormView):
    form_class = ProfileForm
    template_name = "accounts/profile.html"

    def get_initial(self) -> dict[str, object]:
        names = ("display_name", "avatar_color", "time_zone", "theme")
        return {name: getattr(self.person, name) for name in names}

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        try:
            services.save_profile(person=self.person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("picture", error)
            return self.form_invalid(form)
        messages.success(self.request, _("Your profile is saved."))
        return redirect("profile")


@login_required
@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A person's picture, for those who are signed in. A file never changes under its name."""
    data = pictures.read(name)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="image/webp")
    response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    # Whatever it holds, it is a picture and nothing else to a browser that opens it by itself.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
