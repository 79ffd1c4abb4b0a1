"""People: the accounts of this installation."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from realtime_project.accounts import queries, services
from realtime_project.accounts.admin.acting import admin_of, for_each
from realtime_project.accounts.links import link_to
from realtime_project.accounts.models import User


class PersonCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "email", "display_name")


@admin.register(User)
class PersonAdmin(DjangoUserAdmin):
    """People: the accounts of this installation."""

    add_form = PersonCreationForm
    list_display = (
        "username", "display_name", "email", "is_active", "is_staff", "second_factor",
        "signed_in", "last_login", "date_joined",
    )  # fmt: skip
    list_filter = ("is_active", "is_staff", "is_superuser", "is_bot", "date_joined")
    search_fields = ("username", "display_name", "email")
    ordering = ("username",)
    date_hierarchy = None
    actions = ("deactivate", "reactivate", "sign_out", "reset_link", "forget_second_factors")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("display_name", "email", "time_zone", "theme", "is_bot")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined", "invitation")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "email",
                    "display_name",
                    "usable_password",
                    "password1",
                    "password2",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset(request)
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        alive = Q(sessions__expire_date__gt=timezone.now())
        return people.annotate(
            has_second_factor=Exists(factors), session_count=Count("sessions", filter=alive)
        )

    @admin.display(description=_("second factor"), boolean=True, ordering="has_second_factor")
    def second_factor(self, person: User) -> bool:
        return bool(person.has_second_factor)  # type: ignore[attr-defined]

    @admin.display(description=_("signed in"), ordering="session_count")
    def signed_in(self, person: User) -> int:
        count: int = person.session_count  # type: ignore[attr-defined]
        return count

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Whether somebody is active is changed by actions. Rights are given by superusers: staff
        # who may change people would otherwise make themselves anything.
        always = ("is_active", "last_login", "date_joined", "invitation")
        if admin_of(request).is_superuser:
            return always
        return (*always, "is_staff", "is_superuser", "groups")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or queries.may_manage(admin_of(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What somebody wrote stays, and with it their name: accounts are deactivated.
        return False

    @admin.action(description=_("Deactivate: shut them out"), permissions=["change"])
    def deactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for_each(
            request,
            people,
            lambda person: services.deactivate(by=admin_of(request), person=person),
            gettext("Deactivated: %(count)s."),
        )

    @admin.action(description=_("Reactivate"), permissions=["change"])
    def reactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for_each(
            request,
            people,
            lambda person: services.reactivate(by=admin_of(request), person=person),
            gettext("Reactivated: %(count)s."),
        )

    @admin.action(description=_("Sign out everywhere, close sockets"), permissions=["change"])
    def sign_out(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for_each(
            request,
            people,
            lambda person: services.sign_out_everywhere(by=admin_of(request), person=person),
            gettext("Signed out everywhere: %(count)s."),
        )

    @admin.action(description=_("Remove second factors and sign out"), permissions=["change"])
    def forget_second_factors(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for_each(
            request,
            people,
            lambda person: services.remove_second_factors(by=admin_of(request), person=person),
            gettext("Second factors removed: %(count)s."),
        )

    @admin.action(description=_("Make a link to reset the password"), permissions=["change"])
    def reset_link(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        """Show the link on the page that answers, and nowhere else."""
        if people.count() != 1:
            messages.error(request, gettext("Choose one person: each link is for one."))
            return None
        person = people.get()
        try:
            key = services.make_reset_key(by=admin_of(request), person=person)
        except PermissionDenied:
            messages.error(
                request, gettext("You may not do this to: %(names)s.") % {"names": person}
            )
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("A link for %(name)s") % {"name": person},
            "opts": self.opts,
            "person": person,
            "link": link_to(request, "reset", key),
        }
        return TemplateResponse(request, "admin/accounts/reset_link.html", context)
