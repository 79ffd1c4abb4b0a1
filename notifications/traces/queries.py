"""Traces, for whoever asks why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications.decision import Line
from notifications.excerpts import excerpts_for
from notifications.models import Published, Trace
from notifications.publishing.wording import content_of, shown_as
from notifications.traces.stored import read_lines

LATEST = 50


@dataclass(frozen=True)
class Explanation:
    """Why somebody was told of something by a kind, or was not."""

    kind: str
    lines: Sequence[Line]
    decided: datetime | None
    """None where nothing was decided then: this is what would be, by the settings of now."""
    subject: str = ""


def explanations(person: int, subject: str) -> list[Explanation]:
    """Return what was decided about a person and a subject, the last one first."""
    traces = Trace.objects.filter(person_id=person, subject=subject).order_by("-decided")
    return [_explanation(one) for one in traces]


def latest(person: int) -> list[Explanation]:
    """Return what was decided about a person lately, the last one first."""
    traces = Trace.objects.filter(person_id=person).order_by("-decided", "-pk")
    return [_explanation(one) for one in traces[:LATEST]]


def said(person: int, subjects: Collection[str]) -> dict[str, str]:
    """Return in a few words what decisions were about, as far as their person may read it."""
    numbers = {one: _number(one) for one in subjects}
    about = {(person, number): one for one, (name, number) in numbers.items() if name == "message"}
    words = {about[pair]: text for pair, text in excerpts_for(set(about)).items()}
    published = {number: one for one, (name, number) in numbers.items() if name == "published"}
    for one in Published.objects.filter(pk__in=published):
        words[published[one.pk]] = shown_as(content_of(one))[0]
    return words


def _explanation(trace: Trace) -> Explanation:
    return Explanation(trace.kind, read_lines(trace.lines), trace.decided, trace.subject)


def _number(subject: str) -> tuple[str, int]:
    name, _, number = subject.partition(":")
    return (name, int(number)) if number.isdecimal() else (subject, 0)
