"""What clients of Influx 1 ask before they write: that there be a database. Telegraf's output
`influxdb` does so whenever it starts. There is nothing to be made, and nothing is read here."""

import re
from urllib.parse import parse_qsl

from django.http import HttpResponse

from dashboard.ingest import bodies
from dashboard.ingest.requests import Request
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.responses import json

MAX_BODY = 4096
WANTS_DATABASE = re.compile(r"\s*CREATE\s+DATABASE\b", re.IGNORECASE)


async def query(request: Request) -> HttpResponse:
    """Say that there is a database, of whatever name. Raises LiveError for any other question."""
    body = await bodies.read(request.receive, request.headers, most=MAX_BODY)
    asked = {**request.query, **dict(parse_qsl(body.decode("latin1")))}
    if not WANTS_DATABASE.match(asked.get("q", "")):
        raise LiveError(ErrorCode.BAD_REQUEST, "There is no query language here.")
    return json({"results": [{"statement_id": 0}]})
