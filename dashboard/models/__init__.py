"""What was measured: series, the reports by which they come in, and the tiers that keep them."""

from dashboard.models.reports import Measures, StoredReport
from dashboard.models.series import Kind, Series
from dashboard.models.tiers import Chunk, Lease, Watermark

__all__ = ["Chunk", "Kind", "Lease", "Measures", "Series", "StoredReport", "Watermark"]
