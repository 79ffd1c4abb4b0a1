"""What was measured: series, the reports by which they come in, and the tiers that keep them;
boards; what others send; lines of logs; alerts."""

from dashboard.models.alerts import Alert, AlertEvent, Alerts, Round, Rule, Silence
from dashboard.models.boards import Annotation, Board, Star
from dashboard.models.ingest import (
    Audience,
    CountedRequest,
    Heartbeat,
    IngestSource,
    SourceToken,
)
from dashboard.models.logs import KeptRequest, Log, LogBatch
from dashboard.models.reports import Measures, StoredReport
from dashboard.models.series import Kind, Series
from dashboard.models.sockets import SocketEnd, SocketsAsked, WorkerSockets
from dashboard.models.tiers import Chunk, Lease, Watermark

__all__ = [
    "Alert",
    "AlertEvent",
    "Alerts",
    "Annotation",
    "Audience",
    "Board",
    "Chunk",
    "CountedRequest",
    "Heartbeat",
    "IngestSource",
    "KeptRequest",
    "Kind",
    "Lease",
    "Log",
    "LogBatch",
    "Measures",
    "Round",
    "Rule",
    "Series",
    "Silence",
    "SocketEnd",
    "SocketsAsked",
    "SourceToken",
    "Star",
    "StoredReport",
    "Watermark",
    "WorkerSockets",
]
