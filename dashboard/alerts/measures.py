"""What is counted of alerts: in the process that leads, and where people acknowledge them."""

from realtime_project.live.metrics import Counters, Distribution, Value, reading

changes = Counters("signalbox_alert_changes_total", "What happened to alerts", "what")
round_seconds = Distribution(
    "signalbox_alert_round_seconds", "Time of looking at all rules once, what is told included"
)
_firing: list[int] = []
_left_out: list[int] = []


def note_firing(count: int) -> None:
    """Keep how many alerts are on, as the last round found it."""
    _firing[:] = [count]


@reading("signalbox_alerts_firing", "Alerts that are on, acknowledged or silenced or not")
def firing() -> Value:
    return _firing[0] if _firing else None


def note_left_out(count: int) -> None:
    """Keep how many alerts were not made, as the last round found it."""
    _left_out[:] = [count]


@reading("signalbox_alerts_left_out", "Alerts that were not made: their rules have too many")
def left_out() -> Value:
    return _left_out[0] if _left_out else None
