"""The table of topics: which consumer answers for which name, as Django lists paths."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.topics import TopicConsumer


@dataclass(frozen=True)
class Route:
    """A pattern of topic names and the consumer that answers for them."""

    pattern: str
    regex: re.Pattern[str]
    consumer: type[TopicConsumer]
    integers: frozenset[str]

    def match(self, name: str) -> dict[str, Any] | None:
        found = self.regex.fullmatch(name)
        if found is None:
            return None
        return {
            key: int(value) if key in self.integers else value
            for key, value in found.groupdict().items()
        }


def topic(pattern: str, consumer: type[TopicConsumer]) -> Route:
    """Route topic names like `room:<int:room>` to a consumer. `int` and `slug` are known."""
    integers = frozenset(re.findall(r"<int:(\w+)>", pattern))
    regex = re.sub(r"<int:(\w+)>", r"(?P<\1>[1-9][0-9]{0,17})", pattern)
    regex = re.sub(r"<slug:(\w+)>", r"(?P<\1>[-a-z0-9_]{1,50})", regex)
    return Route(pattern, re.compile(regex), consumer, integers)


def resolve(name: str) -> tuple[type[TopicConsumer], dict[str, Any]]:
    """Return the consumer and the parameters of a topic, or raise LiveError(unknown)."""
    for route in routes():
        params = route.match(name)
        if params is not None:
            return route.consumer, params
    # Without the name: whoever asks for many would get back more than fits into a frame.
    raise LiveError(ErrorCode.UNKNOWN, "No such topic.")


def routes() -> list[Route]:
    """Return the project's table of topics."""
    table: list[Route] = import_string(settings.TOPICS)
    return table
