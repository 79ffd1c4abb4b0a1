"""The page on which people say what reaches them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import FormView

from notifications.deliveries.channels import MAIL, is_available
from notifications.models import Regard
from notifications.muting import Span
from notifications.preferences import queries, services
from notifications.preferences.forms import PreferencesForm, initial_of
from notifications.push.identity import public_key
from notifications.push.models import Subscription
from realtime_project.accounts.views.people import PersonalView


class PreferencesView(PersonalView, FormView):
    form_class = PreferencesForm
    template_name = "notifications/preferences.html"

    def get_initial(self) -> dict[str, Any]:
        preferences = queries.preferences_of(self.person.pk)
        channels, schedule = queries.readable(preferences)
        regarded = queries.regarded(self.person.pk)
        return initial_of(
            channels,
            schedule,
            {
                "lets_through": regarded[Regard.How.THROUGH],
                "muted_people": regarded[Regard.How.MUTED],
            },
            lets_urgent_through=preferences.lets_urgent_through,
            is_mail_on=not preferences.is_mail_off,
            digest=preferences.digest,
            digest_day=preferences.digest_day,
            keywords="\n".join(queries.keywords_of(self.person.pk)),
        )

    def form_valid(self, form: PreferencesForm) -> HttpResponse:
        try:
            services.save_preferences(person=self.person.pk, chosen=form.chosen())
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Your notification settings are saved."))
        return redirect("notifications")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        until = queries.preferences_of(self.person.pk).muted_until
        is_muted = until is not None and until > timezone.now()
        return super().get_context_data(**kwargs) | {
            "muted_until": until if is_muted else None,
            "has_mail": is_available(MAIL),
            "push_key": public_key(),
            "devices": Subscription.objects.filter(person=self.person).select_related("session"),
            "here": self.request.session.session_key,
        }


class MuteView(PersonalView):
    """Send nothing for a while, or again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("span", "")
        if wanted and wanted not in set(Span):
            return HttpResponseBadRequest("There is no such span.")
        until = services.mute_all(person=self.person, span=Span(wanted) if wanted else None)
        if until is None:
            messages.success(request, _("Notifications reach you again."))
        else:
            time = date_format(timezone.localtime(until), "DATETIME_FORMAT")
            messages.success(request, _("Nothing reaches you until %(time)s.") % {"time": time})
        return redirect("notifications")
