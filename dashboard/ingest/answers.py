"""What is answered to who sends."""

from collections.abc import Collection
from itertools import islice

from django.http import HttpResponse

from dashboard.ingest.faults import MOST_TOLD, Faults
from realtime_project.live.codes import ErrorCode
from realtime_project.live.responses import json


def answer(stored: int, faults: Faults, homeless: Collection[str] = frozenset()) -> HttpResponse:
    """Return 204 where everything was stored; 400 with the lines that were not, and 422 with the
    series for which there is no room. The rest is stored whatever the status."""
    if homeless:
        names = ", ".join(islice(sorted(homeless), MOST_TOLD))
        detail = f"No room for more series: {names}"
        return _partly(ErrorCode.INVALID, detail, 422, stored, faults)
    if faults:
        first = faults.first[0]
        detail = f"line {first.line}: {first.detail}"
        if len(faults) > 1:
            detail += f", and {len(faults) - 1} more"
        return _partly(ErrorCode.BAD_REQUEST, detail, 400, stored, faults)
    return HttpResponse(status=204)


def _partly(code: ErrorCode, detail: str, status: int, stored: int, faults: Faults) -> HttpResponse:
    lines = [{"line": one.line, "detail": one.detail} for one in faults.first]
    error = {"code": code, "detail": detail, "lines": lines}
    # Where clients of Influx 2 look for it, so that Telegraf's log says what was wrong.
    influx = {"code": code, "message": detail}
    told = {"error": error, **influx, "stored": stored, "refused": len(faults)}
    return json(told, status=status)
