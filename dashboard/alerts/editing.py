"""The pages on which those who run the place say what is watched, and what is silenced."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.alerts import queries, services
from dashboard.alerts.forms import RuleForm, SilenceForm
from dashboard.alerts.troubles import Troubled, unwatched
from dashboard.alerts.trying import attempt
from dashboard.alerts.views import staff
from dashboard.models.alerts import Rule, Silence
from dashboard.models.series import Series

MOST_NAMES = 500


@login_required
@never_cache
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All rules."""
    staff(request)
    return render(
        request,
        "alerts/rules.html",
        {
            "here": "rules",
            "rules": [Troubled(rule) for rule in Rule.objects.select_related("room")],
            "unwatched": unwatched(timezone.now().timestamp()),
        },
    )


@login_required
@never_cache
def rule(request: HttpRequest, rule: int | None = None) -> HttpResponse:
    """A rule, new or stored: it can be tried before it is saved."""
    person = staff(request)
    found = _rule(rule) if rule else Rule()
    form = RuleForm(request.POST or None, instance=found, person=person)
    trial = None
    if form.is_valid():
        if "try" in request.POST:
            trial = attempt(form.save(commit=False), timezone.now().timestamp())
        elif saved := _save(form, request):
            return saved
    names = Series.objects.order_by("name").values_list("name", flat=True).distinct()
    context = {
        "here": "rules",
        "form": form,
        "rule": found,
        "troubles": Troubled(found).words if found.is_on else [],
        "trial": trial,
        "names": names[:MOST_NAMES],
    }
    return render(request, "alerts/rule.html", context)


@login_required
@require_POST
def delete_rule(request: HttpRequest, rule: int) -> HttpResponse:
    """Delete a rule."""
    person = staff(request)
    services.delete_rule(by=person, rule=_rule(rule).pk)
    messages.success(request, _("The rule is deleted."))
    return redirect("alerts:rules")


@login_required
@never_cache
def silences(request: HttpRequest) -> HttpResponse:
    """All silences, and a new one."""
    person = staff(request)
    form = SilenceForm(request.POST or None, person=person)
    if form.is_valid():
        try:
            services.silence(by=person, **form.told)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The silence is stored."))
            return redirect("alerts:silences")
    now = timezone.now()
    found = [(one, one.begins <= now < one.ends) for one in queries.silences()[:100]]
    return render(
        request,
        "alerts/silences.html",
        {"here": "silences", "form": form, "silences": found, "now": now},
    )


@login_required
@require_POST
def end_silence(request: HttpRequest, silence: int) -> HttpResponse:
    """End a silence now."""
    person = staff(request)
    try:
        services.end_silence(by=person, silence=silence)
    except Silence.DoesNotExist as error:
        raise Http404 from error
    return redirect("alerts:silences")


def _rule(rule: int) -> Rule:
    try:
        return Rule.objects.select_related("room").get(pk=rule)
    except Rule.DoesNotExist as error:
        raise Http404 from error


def _save(form: RuleForm, request: HttpRequest) -> HttpResponse | None:
    try:
        services.save_rule(by=staff(request), rule=form.save(commit=False))
    except ValidationError as error:
        known = {name: told for name, told in error.message_dict.items() if name in form.fields}
        for name, told in (known or {"__all__": error.messages}).items():
            form.add_error(name, ValidationError(told))
        return None
    messages.success(request, _("The rule is saved."))
    return redirect("alerts:rules")
