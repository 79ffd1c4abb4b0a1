"""Alerts in Django admin: rules and silences to change, alerts and their history to look at. What
is changed goes through the same verbs as on the pages."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dashboard.alerts import services
from dashboard.alerts.rules import check
from dashboard.models.alerts import Alert, AlertEvent, Rule, Silence
from realtime_project.accounts.models import User
from realtime_project.live.admin import ReadOnly
from realtime_project.live.codes import Conflict


class RuleAdminForm(ModelForm):
    """A rule with its query as it is stored."""

    def clean(self) -> dict[str, Any]:
        """Refuse a query that cannot be read."""
        told: dict[str, Any] = super().clean() or {}
        if "query" in told and "watch" in told:
            try:
                check(Rule(watch=told["watch"], query=told["query"]))
            except Exception as error:  # noqa: BLE001 (whatever is wrong with it is said)
                self.add_error("query", ValidationError(str(error)))
        return told


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):
    form = RuleAdminForm
    list_display = ("name", "watch", "severity", "room", "is_on", "created_by")
    list_filter = ("is_on", "severity", "watch")
    search_fields = ("name",)
    list_select_related = ("room", "created_by")
    autocomplete_fields = ("room",)

    def save_model(self, request: HttpRequest, rule: Rule, form: ModelForm, change: bool) -> None:
        try:
            services.save_rule(by=_admin(request), rule=rule)
        except ValidationError as error:
            # All but the room was checked by the form; that the bot cannot come in is said.
            rule.room = None
            services.save_rule(by=_admin(request), rule=rule)
            messages.warning(request, " ".join(error.messages))

    def delete_model(self, request: HttpRequest, rule: Rule) -> None:
        services.delete_rule(by=_admin(request), rule=rule.pk)

    def delete_queryset(self, request: HttpRequest, rules: QuerySet[Rule]) -> None:
        for rule in rules:
            self.delete_model(request, rule)


@admin.register(Silence)
class SilenceAdmin(admin.ModelAdmin):
    list_display = ("__str__", "rule", "begins", "ends", "weekdays", "zone", "created_by")
    list_select_related = ("rule", "created_by")
    search_fields = ("reason",)

    def save_model(
        self, request: HttpRequest, silence: Silence, form: ModelForm, change: bool
    ) -> None:
        if not change:
            silence.created_by = _admin(request)
        silence.save()


@admin.register(Alert)
class AlertAdmin(ReadOnly, admin.ModelAdmin):
    """How each rule stands with each set of labels."""

    list_display = ("__str__", "state", "value", "acknowledged_by", "trouble")
    list_filter = ("state", "rule__severity")
    list_select_related = ("rule", "acknowledged_by")
    search_fields = ("rule__name",)
    fields = ("rule", "labels", "state", "value", "acknowledged_by", "number", "trouble")
    readonly_fields = fields
    actions = ["acknowledge"]

    @admin.action(description=_("Acknowledge"))
    def acknowledge(self, request: HttpRequest, alerts: QuerySet[Alert]) -> None:
        done = 0
        for alert in alerts:
            try:
                services.acknowledge(person=_admin(request), alert=alert.pk)
            except Conflict:
                continue
            done += 1
        told = ngettext("%(n)d alert is acknowledged.", "%(n)d alerts are acknowledged.", done)
        messages.info(request, told % {"n": done})


@admin.register(AlertEvent)
class AlertEventAdmin(ReadOnly, admin.ModelAdmin):
    """What has happened to alerts."""

    list_display = ("at", "alert", "what", "value", "seconds", "person")
    list_filter = ("what",)
    list_select_related = ("alert__rule", "person")
    date_hierarchy = "at"


def _admin(request: HttpRequest) -> User:
    return cast(User, request.user)
