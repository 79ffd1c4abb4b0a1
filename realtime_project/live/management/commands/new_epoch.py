"""`manage.py new_epoch`: begin a new history, after a backup was restored."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from realtime_project.live import single
from realtime_project.live.models import Installation, new_epoch


class Command(BaseCommand):
    help = (
        "Begin a new epoch: run it after a backup was restored, while no worker runs. "
        "Every client then loads its state afresh instead of trusting what it holds."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # A worker that runs would go on telling its pages the epoch from before.
            single.hold(settings.VAR / "worker.lock")
        except single.AlreadyRunning as error:
            raise CommandError("Stop the server first: it goes on with the old epoch.") from error
        Installation.current()
        Installation.objects.update(epoch=new_epoch())
        self.stdout.write(f"The epoch is now {Installation.current().epoch}.")
