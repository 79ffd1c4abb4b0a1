from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "realtime_project.live"

    def ready(self) -> None:
        from realtime_project.live import checks  # noqa: F401 (registers the system checks)
