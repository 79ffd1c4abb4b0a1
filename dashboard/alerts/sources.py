"""By which short names those are known that send numbers in."""

from dashboard.models.ingest import IngestSource


def slugs() -> dict[int, str]:
    """Return the short names of all sources by their numbers."""
    return dict(IngestSource.objects.values_list("pk", "slug"))
