"""How requests of a board's page are refused: as JSON, in one form."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from dashboard.boards.body import Refused
from realtime_project.live.protocol import translate
from realtime_project.live.responses import json, nobody_is_signed_in, refusal

View = Callable[..., HttpResponse]


def for_people(view: View) -> View:
    """Let who is signed in ask, and answer exceptions of services with what they mean."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return nobody_is_signed_in()
        try:
            return view(request, *args, **kwargs)
        except Refused as error:
            return json({"errors": [{"path": error.path, "text": error.text}]}, status=422)
        except Exception as error:
            refused = translate(error)
            if refused is None:
                raise
            return refusal(refused)

    return answer
