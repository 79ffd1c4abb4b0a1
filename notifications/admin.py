"""Notifications in Django admin: inboxes to look at, the outbox to try again, announcements to
make. What belongs to a stream is changed by the services alone."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications import services
from notifications.counting import standing
from notifications.deliveries import sending
from notifications.models import (
    Announcement,
    Delivery,
    Happening,
    Inbox,
    Published,
    Subscription,
)
from realtime_project.accounts.models import User
from realtime_project.live.admin import ReadOnly


@admin.register(Inbox)
class InboxAdmin(ReadOnly, admin.ModelAdmin):
    """Whose inbox holds how much. What it says to whom is nobody else's to read."""

    list_display = ("person", "there", "unread", "seen")
    search_fields = ("person__username", "person__display_name")
    list_select_related = ("person",)
    ordering = ("person",)
    fields = ("person", "rev", "floor", "there", "unread", "seen")
    readonly_fields = ("rev", "floor", "there", "unread")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inbox]:
        inboxes: QuerySet[Inbox] = super().get_queryset(request)
        return inboxes.annotate(
            there=Count("notifications", filter=~Q(notifications__place="gone"))
        )

    @admin.display(description=_("notifications"), ordering="there")
    def there(self, inbox: Inbox) -> int:
        count: int = inbox.there  # type: ignore[attr-defined]
        return count

    @admin.display(description=_("unread"))
    def unread(self, inbox: Inbox) -> int:
        return standing([inbox.pk])[inbox.pk].unread


@admin.register(Happening)
class HappeningAdmin(ReadOnly, admin.ModelAdmin):
    """What is still to be told, how far it has come, and why not further."""

    list_display = ("name", "facts", "created", "told_until", "attempts", "state", "due", "error")
    list_filter = ("is_given_up", "name")
    ordering = ("-is_given_up", "due")
    actions = ["tell_now"]

    @admin.display(description=_("state"), ordering="is_given_up")
    def state(self, happening: Happening) -> str:
        if happening.is_given_up:
            return str(_("given up"))
        return str(_("waits for another attempt") if happening.attempts else _("waits"))

    def has_tell_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_happening")

    @admin.action(description=_("Tell the selected ones now"), permissions=["tell"])
    def tell_now(self, request: HttpRequest, happenings: QuerySet[Happening]) -> None:
        count = services.retry(happenings=[one.pk for one in happenings])
        self.message_user(
            request,
            ngettext("%(count)d is being told.", "%(count)d are being told.", count)
            % {"count": count},
            messages.SUCCESS,
        )


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    """What leaves for the outside, whom it reached, and why not. What it says is nobody else's to
    read."""

    list_display = ("person", "channel", "state", "why", "created", "sent", "due", "attempts")
    list_filter = ("state", "channel", "why")
    search_fields = ("person__username", "person__display_name")
    list_select_related = ("person",)
    ordering = ("-state", "due")
    fields = (*list_display, "target", "error")
    actions = ["send_now"]

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_delivery")

    @admin.action(description=_("Send the selected ones now"), permissions=["send"])
    def send_now(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        count = sending.retry([one.pk for one in deliveries])
        self.message_user(
            request,
            ngettext("%(count)d is being sent.", "%(count)d are being sent.", count)
            % {"count": count},
            messages.SUCCESS,
        )


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly, admin.ModelAdmin):
    """In how many browsers people are reached, and what push services say against it."""

    list_display = (
        "person",
        "browser",
        "service",
        "created",
        "told",
        "failures",
        "error",
        "disabled",
    )
    list_filter = (("disabled", admin.EmptyFieldListFilter), ("error", admin.EmptyFieldListFilter))
    search_fields = ("person__username", "person__display_name", "error")
    list_select_related = ("person", "session")
    readonly_fields = ("browser", "service")

    @admin.display(description=_("browser"))
    def browser(self, subscription: Subscription) -> str:
        return subscription.session.browser

    @admin.display(description=_("push service"))
    def service(self, subscription: Subscription) -> str:
        # Its host alone: whoever has the address could write to the browser.
        return subscription.service


@admin.register(Published)
class PublishedAdmin(ReadOnly, admin.ModelAdmin):
    """Which programs say something, and to whom. What they say is for those alone."""

    list_display = ("created", "owner", "target")
    list_display_links = None
    list_filter = ("created",)
    list_select_related = ("owner",)
    search_fields = ("target", "owner__username", "owner__display_name")
    ordering = ("-created",)


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    """Words to everybody. What was said is not changed any more: withdraw it, say it anew."""

    list_display = ("__str__", "author", "created", "expires", "priority", "is_gone")
    list_filter = ("is_gone",)
    ordering = ("-seq",)
    fields = ("title", "text", "url", "priority", "expires")
    actions = ["withdraw"]

    def save_model(
        self, request: HttpRequest, announcement: Announcement, form: ModelForm, change: bool
    ) -> None:
        said = services.announce(author=cast(User, request.user).pk, **form.cleaned_data)
        # Django's admin goes on with this object: it logs it, and shows it.
        announcement.pk, announcement.stream_id = said.pk, said.stream_id

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_announcement")

    @admin.action(description=_("Withdraw the selected announcements"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, announcements: QuerySet[Announcement]) -> None:
        there = list(announcements.filter(is_gone=False))
        services.withdraw(announcements=[one.pk for one in there])
        for one in there:
            self.log_change(request, one, "Withdrawn.")
