"""Boards and annotations in Django's admin."""

from typing import Any

import msgspec
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dashboard.boards.annotations import check
from dashboard.boards.body import Refused, read_body, stored
from dashboard.models import Annotation, Board, Star


class BoardForm(forms.ModelForm):
    """A board as its page edits it, as JSON."""

    def clean_body(self) -> Any:
        try:
            return stored(read_body(msgspec.json.encode(self.cleaned_data["body"])))
        except Refused as error:
            raise ValidationError(f"{error.path}: {error.text}".strip(": ")) from error

    class Meta:
        model = Board
        fields = ("owner", "is_for_everybody", "rooms", "body")


@admin.register(Board)
class BoardAdmin(admin.ModelAdmin):
    """What people have made, and who else sees it. New ones are made in the browser."""

    form = BoardForm
    list_display = ("title", "owner", "is_for_everybody", "panels", "changed")
    list_filter = ("is_for_everybody", "changed")
    list_select_related = ("owner",)
    search_fields = ("title", "slug", "owner__username")
    autocomplete_fields = ("owner",)
    filter_horizontal = ("rooms",)
    readonly_fields = ("slug", "created", "changed")

    @admin.display(description=_("panels"))
    def panels(self, board: Board) -> int:
        return len(board.body["panels"])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # The pages that show it notice by the version, also of who may see it.
        obj.title, obj.version = obj.body["title"], obj.version + 1
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        Star.objects.filter(board=obj.slug).delete()
        super().delete_model(request, obj)


class AnnotationForm(forms.ModelForm):
    """An annotation is checked as any, however it comes."""

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not self.errors:
            check(told["title"], told["at"], told["until"], told["kind"], told["level"])
        return told

    class Meta:
        model = Annotation
        fields = ("title", "at", "until", "kind", "level")


@admin.register(Annotation)
class AnnotationAdmin(admin.ModelAdmin):
    """What is written on the axis of time."""

    form = AnnotationForm
    list_display = ("title", "kind", "level", "at", "by")
    list_filter = ("kind", "level")
    list_select_related = ("by",)
    search_fields = ("title",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.by = request.user
        super().save_model(request, obj, form, change)
