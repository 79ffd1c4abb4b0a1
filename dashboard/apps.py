from typing import Any

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        from chat.models import room_left
        from dashboard.alerts import measures  # noqa: F401 (puts its own into the table of metrics)
        from dashboard.alerts.bands import bands as alerts
        from dashboard.boards import bands, sources
        from dashboard.ingest import counted  # noqa: F401 (puts its own into the table of metrics)
        from dashboard.ingest.sources import all_sources

        bands.provide(alerts)
        sources.provide(all_sources)
        room_left.connect(_end_what_was_seen)


def _end_what_was_seen(*, person: int, room: int, **signal: Any) -> None:
    from dashboard.ingest.audiences import left_room

    left_room(person, room)
