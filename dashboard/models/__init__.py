"""What was measured: series, the reports by which they come in, and the tiers that keep them."""

from dashboard.models.boards import Annotation, Board, Star
from dashboard.models.reports import Measures, StoredReport
from dashboard.models.series import Kind, Series
from dashboard.models.sockets import SocketEnd, SocketsAsked, WorkerSockets
from dashboard.models.tiers import Chunk, Lease, Watermark

__all__ = [
    "Annotation",
    "Board",
    "Chunk",
    "Kind",
    "Lease",
    "Measures",
    "Series",
    "SocketEnd",
    "SocketsAsked",
    "Star",
    "StoredReport",
    "Watermark",
    "WorkerSockets",
]
