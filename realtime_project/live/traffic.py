"""HTTP requests, counted around whatever answers them."""

import time
from typing import Any

from realtime_project.live import metrics
from realtime_project.live.exposition import Application, Receive, Scope, Send


def counted_requests(application: Application) -> Application:
    """Wrap an HTTP application so that its answers are counted, and timed until they begin: one
    that is streamed may go on for hours."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        is_answered = False

        async def answer(message: Any) -> None:
            nonlocal is_answered
            if message["type"] == "http.response.start":
                is_answered = True
                # Before it is sent: who has an answer finds it counted.
                _count(f"{message['status'] // 100}xx", began)
            await send(message)

        try:
            await application(scope, receive, answer)
        finally:
            if not is_answered:  # the client left, or there was a fault
                _count("none", began)

    return run


def _count(status: str, began: float) -> None:
    metrics.http_requests.by[status] += 1
    metrics.http_seconds.observe(time.perf_counter() - began)
