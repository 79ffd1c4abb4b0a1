"""What is counted of alerts: in the process that leads, and where people acknowledge them."""

from realtime_project.live.metrics import Counters, Distribution, Value, reading

changes = Counters("signalbox_alert_changes_total", "What happened to alerts", "what")
round_seconds = Distribution(
    "signalbox_alert_round_seconds", "Time of looking at all rules once, what is told included"
)
_firing: list[int] = []


def note_firing(count: int) -> None:
    """Keep how many alerts are on, as the last round found it."""
    _firing[:] = [count]


@reading("signalbox_alerts_firing", "Alerts that are on, acknowledged or silenced or not")
def firing() -> Value:
    return _firing[0] if _firing else None
