"""What the notifications keep."""

from notifications.preferences.models import Keyword, Preferences, Regard
from notifications.traces.models import Trace

__all__ = ["Keyword", "Preferences", "Regard", "Trace"]
