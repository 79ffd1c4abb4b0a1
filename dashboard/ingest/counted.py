"""What is counted of what others send."""

from realtime_project.live.metrics import Counter, Counters, Distribution

points = Counter("signalbox_ingest_points_total", "Numbers that were sent in and stored")
repeated = Counter(
    "signalbox_ingest_repeated_total", "Numbers that were sent again and are counted once"
)
log_lines = Counter(
    "signalbox_ingest_log_lines_total", "Lines of logs that were sent in and stored"
)
refused = Counters(
    "signalbox_ingest_refused_total", "Lines and numbers that were refused, by reason", "reason"
)
seconds = Distribution(
    "signalbox_ingest_seconds", "Time from a request's arrival until what it brought is stored"
)
