"""Boards that what is sent in gives rise to: one for each source, and one for each value of a
label by which its series are told apart. They are made when they are asked for."""

import re
from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b

import msgspec
from django.utils.translation import gettext as _

from dashboard.boards.body import COLUMNS, Body, Panel
from dashboard.boards.catalogue import catalogue
from dashboard.boards.making import board, heatmap, line, log, spread
from dashboard.boards.sources import Source
from dashboard.models import Kind, LogBatch, Series
from dashboard.queries import Function, Query
from dashboard.queries.query import EVERY_LABEL

PREFIX = "source-"
MAX_METRICS = 24
FEW = 2
MAX_LABEL_BOARDS = 30
"""Of one source. A label with more values, such as a number that grows, makes none."""
MAX_SERIES = 1_000
_SLUG = re.compile(r"^source-(?P<source>[a-z0-9_-]+?)(?:--(?P<label>[0-9a-f]{8}))?$")


def source_of(slug: str, sources: Iterable[Source]) -> Source | None:
    """Return whose board this is, if it is an automatic one."""
    found = _SLUG.match(slug)
    return next((one for one in sources if found and one.slug == found["source"]), None)


def listed(sources: Iterable[Source]) -> list[tuple[str, str]]:
    """Return the addresses and titles of the boards of sources."""
    boards = []
    for source in sources:
        boards.append((f"{PREFIX}{source.slug}", source.title))
        boards += [
            (_label_slug(source, *pair), f"{source.title}: {pair[1]}") for pair in _labels(source)
        ]
    return boards


def board_of(slug: str, source: Source) -> Body:
    """Return an automatic board. Of a label that is not there any more it is empty."""
    pair = next((one for one in _labels(source) if _label_slug(source, *one) == slug), None)
    is_whole = slug == f"{PREFIX}{source.slug}"
    title = source.title if is_whole else f"{source.title}: {pair[1] if pair else ''}"
    panels: list[Panel] = []
    labels = {pair[0]: _literal(pair[1])} if pair else {}
    for series in _metrics(source, pair) if is_whole or pair else ():
        panels += _panels(series, source.slug, labels)
    lines = _log(source) if is_whole else []
    return board(title[:80], *_wide(panels[:MAX_METRICS]), *lines)


def _wide(panels: list[Panel]) -> list[Panel]:
    """Give few panels the room that there is."""
    if len(panels) > FEW:
        return panels
    size = {"w": COLUMNS // max(1, len(panels)), "h": 6}
    return [msgspec.structs.replace(panel, **size) for panel in panels]


def _log(source: Source) -> list[Panel]:
    """Return the log of a source that sends lines: who sees its numbers sees them too."""
    if not LogBatch.objects.filter(source=source.id).exists():
        return []
    return [log(_("Log"), options={"source": source.slug, "level": "debug"})]


def _panels(series: Series, source: str, labels: dict[str, str]) -> list[Panel]:
    title, metric, unit = series.name[:80], _literal(series.name), series.unit
    if series.kind == Kind.HISTOGRAM:
        return [
            line(title, *spread(metric, source=source, labels=labels), unit=unit),
            heatmap(title, metric, unit=unit, source=source, labels=labels),
        ]
    is_counter = series.kind == Kind.COUNTER
    fn: Function = "rate" if is_counter else "avg"
    query = Query(metric, source, labels, (EVERY_LABEL,), fn, top=20)
    return [line(title, query, unit=f"{unit}/s" if is_counter else unit)]


def _metrics(source: Source, pair: tuple[str, str] | None) -> list[Series]:
    """Return one series of each name."""
    found: dict[str, Series] = {}
    for series in sorted(_series(source), key=lambda one: one.name):
        if pair is None or series.labels.get(pair[0]) == pair[1]:
            found.setdefault(series.name, series)
    return list(found.values())[:MAX_METRICS]


def _labels(source: Source) -> list[tuple[str, str]]:
    """Return labels with values that tell the series of a source apart, a few of each."""
    values: dict[str, set[str]] = defaultdict(set)
    for series in _series(source):
        for label, value in series.labels.items():
            values[label].add(value)
    several = {label: some for label, some in values.items() if 1 < len(some) <= MAX_LABEL_BOARDS}
    pairs = [(label, value) for label, some in sorted(several.items()) for value in sorted(some)]
    return pairs[:MAX_LABEL_BOARDS]


def _series(source: Source) -> list[Series]:
    catalogue.refresh()
    return catalogue.of_source(source.id)[:MAX_SERIES]


def _label_slug(source: Source, label: str, value: str) -> str:
    digest = blake2b(f"{label}={value}".encode(), digest_size=4).hexdigest()
    return f"{PREFIX}{source.slug}--{digest}"


def _literal(text: str) -> str:
    """Return a glob that means this text."""
    return re.sub(r"([*?[])", r"[\1]", text)
