"""Sources and heartbeats in Django's admin."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.ingest.audiences import end_access, hold, viewers
from dashboard.ingest.heartbeats import state_of
from dashboard.ingest.senders import make_source_token
from dashboard.models import Heartbeat, IngestSource, Series, SourceToken
from dashboard.storage.retiring import delete_series
from realtime_project.accounts.models import User


class SourceTokenInline(admin.TabularInline):
    """The tokens of a source, and how many series each may make."""

    model = SourceToken
    fields = ("token", "owner", "state", "made", "max_series")
    readonly_fields = ("token", "owner", "state", "made")
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceToken]:
        tokens: QuerySet[SourceToken] = super().get_queryset(request)
        open_first = F("token__revoked").asc(nulls_first=True)
        return tokens.select_related("token__owner").order_by(open_first, "-pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Whoever makes one has to be shown it.
        return False

    @admin.display(description=_("person"))
    def owner(self, one: SourceToken) -> str:
        return str(one.token.owner)

    @admin.display(description=_("state"))
    def state(self, one: SourceToken) -> str:
        return str(one.token.state.label)

    @admin.display(description=_("series made"))
    def made(self, one: SourceToken) -> int:
        return Series.objects.filter(token=one.pk).count()


@admin.register(IngestSource)
class IngestSourceAdmin(admin.ModelAdmin):
    """Who sends numbers and lines. Tokens are made here and revoked among the tokens."""

    list_display = ("title", "slug", "audience", "open_tokens", "created")
    list_filter = ("audience",)
    search_fields = ("title", "slug")
    filter_horizontal = ("rooms",)
    prepopulated_fields: ClassVar = {"slug": ["title"]}
    actions = ("make_token", "delete_measured")
    inlines = (SourceTokenInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[IngestSource]:
        is_open = Q(tokens__token__revoked=None)
        sources: QuerySet[IngestSource] = super().get_queryset(request)
        return sources.annotate(opened=Count("tokens", filter=is_open))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Addresses of boards and topics hold it.
        return ("slug",) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("title",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Its series and lines are kept for as long as all are.
        return False

    @admin.display(description=_("tokens"))
    def open_tokens(self, source: Any) -> int:
        return int(source.opened)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if change:
            hold()
            obj.had_viewers = viewers(IngestSource.objects.get(pk=obj.pk))
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        source = form.instance
        if change:
            # Known by now are the rooms, too.
            end_access(source, source.had_viewers - viewers(source))

    @admin.action(description=_("Make a token"), permissions=["change"])
    def make_token(
        self, request: HttpRequest, sources: QuerySet[IngestSource]
    ) -> HttpResponse | None:
        """Show the secret on the page that answers, and nowhere else."""
        if len(sources) != 1:
            self.message_user(request, gettext("Choose one source."), messages.ERROR)
            return None
        [source] = sources
        try:
            secret = make_source_token(
                by=cast(User, request.user), source=source, name=source.title
            )
        except (PermissionDenied, ValidationError) as error:
            self.message_user(request, str(error), messages.ERROR)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Token of %(source)s") % {"source": source.title},
            "opts": self.opts,
            "secret": secret,
            "address": request.build_absolute_uri("/api/v1/ingest/write"),
        }
        answer = TemplateResponse(request, "admin/dashboard/new_token.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    @admin.action(description=_("Delete what was measured"), permissions=["change"])
    def delete_measured(
        self, request: HttpRequest, sources: QuerySet[IngestSource]
    ) -> HttpResponse | None:
        """Delete all series of sources, once that is confirmed on a page of its own."""
        if request.POST.get("confirmed"):
            for source in sources:
                count = delete_series(source.pk)
                told = gettext("%(count)s series of %(source)s are deleted.")
                self.message_user(request, told % {"count": count, "source": source})
                self.log_change(request, source, f"deleted {count} series")
            return None
        counts = dict(
            Series.objects.filter(source__in=sources.values("pk"))
            .values_list("source")
            .annotate(Count("pk"))
        )
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Delete what was measured"),
            "opts": self.opts,
            "sources": [(one, counts.get(one.pk, 0)) for one in sources],
        }
        return TemplateResponse(request, "admin/dashboard/delete_measured.html", context)


@admin.register(Heartbeat)
class HeartbeatAdmin(admin.ModelAdmin):
    """Jobs that are expected to tell that they were done."""

    list_display = ("__str__", "source", "state_now", "period", "grace", "done", "failed", "took")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("title", "slug")
    readonly_fields = ("done", "failed", "started", "took", "said")

    @admin.display(description=_("state"))
    def state_now(self, heartbeat: Heartbeat) -> str:
        return str(state_of(heartbeat, timezone.now()).label)
