"""How much may be computed for one board at once. Pure."""

from django.utils.translation import gettext as _

from dashboard.boards.body import Refused
from dashboard.boards.spans import SLOTS

MOST_VALUES = 10_000_000
"""That many values are looked at within two seconds or so, by one thread."""


def check(meant: int, steps: int = SLOTS) -> None:
    """Raise Refused where queries mean too many series for so many steps: by themselves, those of
    a quarter of an hour."""
    if is_too_much(meant, steps):
        raise Refused(
            "panels",
            _("Its queries mean %(series)s series: too many for %(steps)s steps at once.")
            % {"series": meant, "steps": steps},
        )


def is_too_much(meant: int, steps: int) -> bool:
    """Whether so many steps of so many series are more than may be computed at once."""
    return meant * steps > MOST_VALUES
