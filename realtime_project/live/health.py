"""What a proxy or a supervisor asks a worker: whether it lives, and whether to send it anybody."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from realtime_project.live.worker import worker


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all. Looks at nothing else: a worker is not to be
    killed because the database is away."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the worker can serve somebody who is new; 503 while it goes away, or while the
    database does not answer. The broker is not asked: everything works without it."""
    if worker.is_draining:
        return HttpResponse("draining\n", status=503, content_type="text/plain")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
