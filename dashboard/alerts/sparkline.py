"""A small line of values, as the path of an SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 240
HEIGHT = 48
EDGE = 2
MOST_POINTS = 180


@dataclass(frozen=True)
class Sparkline:
    """Where a line runs, with gaps, and how high its limit lies."""

    path: str
    limit: float | None

    @classmethod
    def of(cls, values: Sequence[float | None], limit: float | None = None) -> "Sparkline | None":
        """Return the line of values at equal distances; None where there are not two."""
        values = _thinned(values)
        known = [one for one in values if one is not None]
        if len(known) < 2:
            return None
        seen = known if limit is None else [*known, limit]
        least, span = min(seen), max(seen) - min(seen) or 1.0

        def height(value: float) -> float:
            return round(HEIGHT - EDGE - (value - least) / span * (HEIGHT - 2 * EDGE), 1)

        points = [
            None if one is None else (round(at * WIDTH / (len(values) - 1), 1), height(one))
            for at, one in enumerate(values)
        ]
        return cls(_path(points), None if limit is None else height(limit))


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    parts, is_drawing = [], False
    for point in points:
        if point is not None:
            parts.append(f"{'L' if is_drawing else 'M'}{point[0]:g} {point[1]:g}")
        is_drawing = point is not None
    return "".join(parts)


def _thinned(values: Sequence[float | None]) -> list[float | None]:
    """Of values that stand too close the highest ones: what an alert is about is not left out."""
    width = -(-len(values) // MOST_POINTS) or 1
    groups = [values[at : at + width] for at in range(0, len(values), width)]
    return [max((one for one in some if one is not None), default=None) for some in groups]
