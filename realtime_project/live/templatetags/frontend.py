"""Template tags for the page's modules."""

import json

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from realtime_project.live.static import import_map as read_import_map

register = template.Library()


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    """Write the import map, with the nonce that lets the browser believe it."""
    request: HttpRequest = context["request"]
    # "<" cannot end the script early; the names and paths are ours besides.
    text = json.dumps(read_import_map()).replace("<", "\\u003c")
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>',
        request.csp_nonce,  # type: ignore[attr-defined]
        mark_safe(text),  # noqa: S308 (escaped above)
    )
