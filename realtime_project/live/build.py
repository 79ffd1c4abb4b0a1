"""Which build of the pages this process serves, so that an old page knows that it is old."""

import hashlib
from functools import cache

from django.conf import settings


@cache
def build() -> str:
    """Return a name that changes whenever a static file does; `dev` while developing."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if settings.DEBUG or not manifest.exists():
        return "dev"
    return hashlib.sha256(manifest.read_bytes()).hexdigest()[:12]
