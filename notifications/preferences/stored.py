"""Choices as they are stored: small JSON, read strictly, so that what is broken is noticed."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from notifications.decision import Channels, Mail
from notifications.quiet_hours import NEVER, Schedule, Window


def write_choices(choices: Mapping[str, Channels]) -> dict[str, Any]:
    """Return the channels of kinds as JSON."""
    return {kind: [one.in_app, one.push, one.email.value] for kind, one in choices.items()}


def read_choices(stored: Mapping[str, Any]) -> dict[str, Channels]:
    """Return the channels of kinds. Raises ValueError for what nobody wrote here."""
    found = {}
    for kind, (in_app, push, email) in stored.items():
        found[kind] = Channels(in_app is True, push is True, Mail(email))
    return found


def write_schedule(schedule: Schedule) -> list[Any]:
    """Return the windows of a week as JSON."""
    return [_write_window(window) for window in schedule.days] if schedule else []


def read_schedule(stored: list[Any]) -> Schedule:
    """Return the windows of a week. Raises ValueError for what nobody wrote here."""
    return Schedule(tuple(_read_window(one) for one in stored)) if stored else NEVER


def _write_window(window: Window | None) -> list[str] | None:
    return [f"{clock:%H:%M}" for clock in (window.start, window.end)] if window else None


def _read_window(stored: list[str] | None) -> Window | None:
    return Window(*map(time.fromisoformat, stored)) if stored else None
