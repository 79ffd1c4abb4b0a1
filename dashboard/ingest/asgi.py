"""The addresses at which others send, answered beneath Django: of twenty thousand numbers a second
none should cost a thread, and a request with a token needs neither session nor cookie."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from django.http import HttpResponse

from dashboard.ingest import annotating, bodies, influx_queries, logging_in, pinging, writing
from dashboard.ingest.requests import NoToken, Request, admit
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.exposition import Application, Receive, Scope, Send
from realtime_project.live.one_way import respond
from realtime_project.live.protocol import translate
from realtime_project.live.responses import refusal
from realtime_project.live.worker import worker

logger = logging.getLogger(__name__)

Handle = Callable[[Request], Awaitable[HttpResponse]]
RETRY_SECONDS = 2.0


@dataclass(frozen=True)
class Endpoint:
    """What answers at an address. One whose address ends with a slash answers for all below."""

    handle: Handle
    methods: frozenset[str] = frozenset({"POST"})


ENDPOINTS = {
    "/api/v1/ingest/write": Endpoint(writing.write),
    "/write": Endpoint(writing.write),
    "/api/v2/write": Endpoint(writing.write),
    "/query": Endpoint(influx_queries.query),
    "/api/v1/ingest/json": Endpoint(writing.write_json),
    "/api/v1/ingest/logs": Endpoint(logging_in.write_lines),
    "/api/v1/annotations": Endpoint(annotating.write),
    "/api/v1/ping/": Endpoint(pinging.ping, frozenset({"GET", "POST"})),
}


def with_ingest(application: Application) -> Application:
    """Answer for what others send before an HTTP application."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        found = _find(scope["path"])
        if found is None:
            await application(scope, receive, send)
            return
        endpoint, rest = found
        try:
            answer = await _answer(endpoint, scope, receive, rest)
        except bodies.Gone:
            return
        await respond(send, answer)

    return run


def _find(path: str) -> tuple[Endpoint, str] | None:
    if endpoint := ENDPOINTS.get(path) or ENDPOINTS.get(path.removesuffix("/")):
        return endpoint, ""
    for prefix, endpoint in ENDPOINTS.items():
        if prefix.endswith("/") and path.startswith(prefix):
            return endpoint, path[len(prefix) :]
    return None


async def _answer(endpoint: Endpoint, scope: Scope, receive: Receive, rest: str) -> HttpResponse:
    if scope["method"] not in endpoint.methods:
        allowed = ", ".join(sorted(endpoint.methods))
        answer = refusal(LiveError(ErrorCode.BAD_REQUEST, f"This is for {allowed}."), status=405)
        answer["Allow"] = allowed
        return answer
    try:
        # What is stored is told through the hub, which this process may not have begun yet.
        await worker.start()
        return await endpoint.handle(await admit(scope, receive, rest))
    except bodies.Gone:
        raise
    except NoToken as error:
        return error.answer()
    except bodies.UnknownEncoding as error:
        return refusal(error, status=415)
    except Exception as error:
        refused = translate(error)
        if refused is None:
            logger.exception("What was sent to %s could not be taken", scope["path"])
            refused = LiveError(ErrorCode.INTERNAL, "Something went wrong here.")
        if refused.code is ErrorCode.UNAVAILABLE:
            refused.retry_after = refused.retry_after or RETRY_SECONDS
        return refusal(refused)
