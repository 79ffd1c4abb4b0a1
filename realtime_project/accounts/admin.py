"""People, their sessions, tokens and the invitations in Django's admin. Lists show; what changes
something is an action that calls a service, which checks the right and writes the log."""

from collections.abc import Callable
from typing import Any, cast

import allauth.mfa.admin  # noqa: F401 (registers what is taken out below)
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from realtime_project.accounts import queries, services
from realtime_project.accounts.forms import TokenForSomebodyForm
from realtime_project.accounts.links import link_to
from realtime_project.accounts.models import Invitation, Session, Token, User
from realtime_project.accounts.scopes import labels

# Its rows hold the secrets of second factors; what an admin may do to them is an action below.
admin.site.unregister(Authenticator)


def for_each(
    request: HttpRequest, chosen: QuerySet[Any], act: Callable[..., None], done: str
) -> None:
    """Do something to each chosen row, and say to how many, and to whom it may not be done."""
    refused = []
    rows = list(chosen)
    for row in rows:
        try:
            act(row)
        except PermissionDenied:
            refused.append(str(row))
    if len(rows) > len(refused):
        messages.success(request, done % {"count": len(rows) - len(refused)})
    if refused:
        told = gettext("You may not do this to: %(names)s.") % {"names": ", ".join(refused)}
        messages.error(request, told)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Without an object it is asked for the actions of the list.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


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
        if _admin(request).is_superuser:
            return always
        return (*always, "is_staff", "is_superuser", "groups")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or queries.may_manage(_admin(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What somebody wrote stays, and with it their name: accounts are deactivated.
        return False

    @admin.action(description=_("Deactivate: shut them out"), permissions=["change"])
    def deactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for_each(
            request,
            people,
            lambda person: services.deactivate(by=_admin(request), person=person),
            gettext("Deactivated: %(count)s."),
        )

    @admin.action(description=_("Reactivate"), permissions=["change"])
    def reactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for_each(
            request,
            people,
            lambda person: services.reactivate(by=_admin(request), person=person),
            gettext("Reactivated: %(count)s."),
        )

    @admin.action(description=_("Sign out everywhere, close sockets"), permissions=["change"])
    def sign_out(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for_each(
            request,
            people,
            lambda person: services.sign_out_everywhere(by=_admin(request), person=person),
            gettext("Signed out everywhere: %(count)s."),
        )

    @admin.action(description=_("Remove second factors and sign out"), permissions=["change"])
    def forget_second_factors(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for_each(
            request,
            people,
            lambda person: services.remove_second_factors(by=_admin(request), person=person),
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
            key = services.make_reset_key(by=_admin(request), person=person)
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


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Where people are signed in. The keys, which would sign an admin in as them, are not shown."""

    list_display = ("person", "browser", "address", "seen", "created", "expire_date")
    list_display_links = None
    list_filter = ("seen", "created")
    list_select_related = ("person",)
    search_fields = ("person__username", "person__display_name", "address", "agent")
    search_help_text = _("A person, an address or a browser")
    ordering = ("-seen",)
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        sessions: QuerySet[Session] = super().get_queryset(request)
        return sessions.filter(expire_date__gt=timezone.now(), person__isnull=False)

    @admin.action(description=_("Sign out there, close sockets"), permissions=["change"])
    def end(self, request: HttpRequest, sessions: QuerySet[Session]) -> None:
        def act(session: Session) -> None:
            try:
                services.end_session(by=_admin(request), session=session.pk)
            except Session.DoesNotExist as error:
                raise PermissionDenied from error

        for_each(request, sessions, act, gettext("Signed out: %(count)s."))


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("over", _("over"))]

    def queryset(
        self, request: HttpRequest, invitations: QuerySet[Invitation]
    ) -> QuerySet[Invitation]:
        is_open = Invitation.objects.open_at(timezone.now()).values("pk")
        if self.value() == "open":
            return invitations.filter(pk__in=is_open)
        if self.value() == "over":
            return invitations.exclude(pk__in=is_open)
        return invitations


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state_now", "uses", "max_uses", "created_by", "created", "expires")
    list_filter = (StateFilter, "created")
    list_select_related = ("created_by",)
    search_fields = ("note", "created_by__username", "created_by__display_name")
    fields = (
        "note",
        "state_now",
        "uses",
        "max_uses",
        "created_by",
        "created",
        "expires",
        "revoked",
    )
    actions = ("revoke",)

    @admin.display(description=_("state"))
    def state_now(self, invitation: Invitation) -> str:
        return str(invitation.state.label)

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, invitations: QuerySet[Invitation]) -> None:
        for_each(
            request,
            invitations,
            lambda one: services.revoke_invitation(by=_admin(request), invitation=one.pk),
            gettext("Revoked: %(count)s."),
        )


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    """What programs do things by. One can be made for whomever one looks after, such as a bot."""

    list_display = ("name", "owner", "start", "good_for", "state_now", "seen", "created", "expires")
    list_display_links = None
    list_filter = ("created", "seen")
    list_select_related = ("owner",)
    search_fields = ("name", "start", "owner__username", "owner__display_name")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    @admin.display(description=_("good for"))
    def good_for(self, token: Token) -> str:
        return ", ".join(map(str, labels(token.scopes)))

    @admin.display(description=_("state"))
    def state_now(self, token: Token) -> str:
        return str(token.state.label)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the secret on the page that answers, and nowhere else."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TokenForSomebodyForm(request.POST or None)
        secret = _make_token(request, form) if form.is_valid() else ""
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Add token"),
            "opts": self.opts,
            "form": form,
            "secret": secret,
        }
        answer = TemplateResponse(request, "admin/accounts/new_token.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        def act(token: Token) -> None:
            try:
                services.revoke_token(by=_admin(request), token=token.pk)
            except Token.DoesNotExist as error:
                raise PermissionDenied from error

        for_each(request, tokens, act, gettext("Revoked: %(count)s."))


def _make_token(request: HttpRequest, form: TokenForSomebodyForm) -> str:
    data = form.cleaned_data
    try:
        _token, secret = services.make_token(
            by=_admin(request),
            owner=data["owner"],
            name=data["name"],
            scopes=data["scopes"],
            lasts=form.lasts,
        )
    except PermissionDenied:
        told = gettext("You may not do this to: %(names)s.") % {"names": data["owner"]}
        form.add_error("owner", told)
    except ValidationError as error:
        form.add_error(None, error)
    else:
        return secret
    return ""


def _admin(request: HttpRequest) -> User:
    return cast(User, request.user)
