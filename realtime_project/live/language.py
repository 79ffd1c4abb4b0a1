"""In which language somebody reads: what a page names, the texts of its modules."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

YEAR_SECONDS = 365 * 24 * 3600

# The catalogues of the whole project; the packages named add none of their own.
_catalogue = JavaScriptCatalog.as_view(packages=["realtime_project.live"])


def wanted_language(name: str) -> str:
    """Return the language of ours that a page names, or the one the source is written in."""
    try:
        return translation.get_supported_language_variant(name)
    except LookupError:
        return settings.LANGUAGE_CODE


def catalogue_address(language: str) -> str:
    """Return where the texts of the modules are in a language, or "" for the one they are
    written in."""
    if language == settings.LANGUAGE_CODE:
        return ""
    return reverse("catalogue", args=[stamp(language), language])


@require_safe
def catalogue(request: HttpRequest, build: str, language: str) -> HttpResponseBase:
    """Django's catalogue of a language for scripts: kept for ever under its own stamp."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        response = _catalogue(request)
    if build == stamp(language):
        patch_cache_control(response, public=True, max_age=YEAR_SECONDS, immutable=True)
    return response


@cache
def stamp(language: str) -> str:
    """Return a name that changes whenever the texts do."""
    digest = hashlib.sha256()
    for folder in settings.LOCALE_PATHS:
        file = Path(folder, translation.to_locale(language), "LC_MESSAGES", "djangojs.mo")
        if file.exists():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
