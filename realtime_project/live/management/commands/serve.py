"""`manage.py serve`: run this installation."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from realtime_project.live import single


class Command(BaseCommand):
    help = "Serve this installation. Takes daphne's options; see `manage.py serve --help`."

    def run_from_argv(self, argv: Sequence[str]) -> None:
        # daphne's own parser reads the options, so that both take the same ones.
        self.execute(options=list(argv[2:]), force_color=False, no_color=False, skip_checks=False)

    def handle(self, *args: Any, options: Sequence[str] = (), **kwargs: Any) -> None:
        from realtime_project.live.server import LiveCommandLine

        command_line = LiveCommandLine()
        if "--help" not in options and "-h" not in options:
            try:
                single.hold(settings.VAR / "worker.lock")
            except single.AlreadyRunning as error:
                raise CommandError(str(error)) from error
        command_line.run(options)
