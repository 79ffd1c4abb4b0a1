"""Static files, answered beneath Django: a first visit loads sixty, and each that goes through
Django costs eight times as much."""

from pathlib import Path
from wsgiref.headers import Headers

from django.conf import settings
from servestatic import ServeStaticASGI

from realtime_project.live.exposition import Application

PATHSEND = "http.response.pathsend"
"""The ASGI extension by which an application leaves it to the server to send a file."""


def with_static_files(application: Application) -> Application:
    """Answer for what was collected before an HTTP application. In development files change, and
    Django's middleware looks for them each time."""
    root: Path = settings.STATIC_ROOT
    if settings.DEBUG or not root.is_dir():
        return application
    served: Application = ServeStaticASGI(
        application, root=root, prefix=settings.STATIC_URL, add_headers_function=_say_type_is_meant
    )
    return served


def _say_type_is_meant(headers: Headers, path: str, url: str) -> None:
    # As Django says of every page: what is no script is never taken for one.
    headers["X-Content-Type-Options"] = "nosniff"
