"""The page of a board as it is sent: first all that is known at once, so that the browser asks for
what it draws with; at its end the numbers, which are read meanwhile."""

import logging
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from dashboard.boards.access import Shown
from dashboard.boards.body import Refused
from dashboard.boards.data import data_of, nothing_of
from dashboard.boards.spans import Span
from realtime_project.accounts.models import User
from realtime_project.live.codes import LiveError
from realtime_project.live.responses import in_two_parts
from realtime_project.live.templatetags.frontend import state_script

logger = logging.getLogger(__name__)

PLACE = "<!-- data -->"
"""Where the numbers stand in the page. What people write is never this: it is escaped."""


def opening(
    page: HttpResponse, shown: Shown, reader: User, span: Span, worker: str
) -> HttpResponseBase:
    """Return a page of which the numbers are sent as its second part."""
    return in_two_parts(
        page, PLACE, lambda: state_script(_data_of(shown, reader, span, worker), "data")
    )


def _data_of(shown: Shown, reader: User, span: Span, worker: str) -> dict[str, Any]:
    try:
        return data_of(shown, reader, span, worker, is_packed=True)
    except (Refused, LiveError):
        # That it is too much, or too much at once, `…/data` says in words.
        return nothing_of(shown, span)
    except Exception:
        # Half of the page is sent: it cannot become another one, but it can ask again.
        logger.exception("The numbers of a board's page could not be read")
        return nothing_of(shown, span)
