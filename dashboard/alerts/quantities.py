"""Numbers with their units, as people read them."""

from django.utils.translation import gettext, ngettext

_PREFIXES = {-3: "n", -2: "µ", -1: "m", 0: "", 1: "k", 2: "M", 3: "G", 4: "T"}
_BYTES = {0: "B", 1: "KiB", 2: "MiB", 3: "GiB", 4: "TiB"}
_SPANS = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]


def quantity(value: float | None, unit: str = "") -> str:
    """Return a value with its unit, in three digits that matter."""
    if value is None:
        return "–"
    if unit in ("B", "B/s"):
        return _scaled(value, 1024, _BYTES, unit[1:])
    if unit == "s" and abs(value) < 60:
        return _scaled(value, 1000, {place: f"{_PREFIXES[place]}s" for place in (-2, -1, 0)}, "")
    if unit == "%":
        return f"{_digits(value)} %"
    shown = _digits(value) if abs(value) < 100_000 else _scaled(value, 1000, _PREFIXES, "")
    return f"{shown} {unit}".strip()


def span(seconds: float) -> str:
    """Return how long something lasted, in the language that is active: two units at most."""
    left = max(round(seconds), 0)
    parts: list[str] = []
    for size, unit in _SPANS:
        if left >= size or (unit == "s" and not parts):
            parts.append(_SAID[unit](left // size))
            left %= size
        if len(parts) == 2:
            break
    return " ".join(parts)


def _scaled(value: float, base: int, units: dict[int, str], rest: str) -> str:
    place = min(units) if value and abs(value) < 1 else 0
    scaled = value / base**place
    while abs(scaled) >= base and place + 1 in units:
        place, scaled = place + 1, scaled / base
    return f"{_digits(scaled)} {units[place]}{rest}".strip()


def _digits(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}"


_SAID = {
    "d": lambda number: ngettext("%(count)d day", "%(count)d days", number) % {"count": number},
    "h": lambda number: gettext("%(count)d h") % {"count": number},
    "m": lambda number: gettext("%(count)d min") % {"count": number},
    "s": lambda number: gettext("%(count)d s") % {"count": number},
}
