"""`manage.py new_epoch`: begin a new history, after a backup was restored."""

from typing import Any

from django.core.management.base import BaseCommand

from realtime_project.live.models import Installation, new_epoch


class Command(BaseCommand):
    help = (
        "Begin a new epoch: run it after a backup was restored, while no worker runs. "
        "Every client then loads its state afresh instead of trusting what it holds."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        Installation.current()
        Installation.objects.update(epoch=new_epoch())
        self.stdout.write(f"The epoch is now {Installation.current().epoch}.")
