"""`manage.py serve`: run this installation."""

import sys
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from realtime_project.live import single


class Command(BaseCommand):
    help = "Serve this installation. Takes daphne's options; see `manage.py serve --help`."

    def run_from_argv(self, argv: Sequence[str]) -> None:
        # daphne's own parser reads the options, so that both take the same ones.
        try:
            self.execute(options=argv[2:], force_color=False, no_color=False, skip_checks=False)
        except CommandError as error:
            self.stderr.write(str(error))
            sys.exit(error.returncode)

    def handle(self, *args: Any, options: Sequence[str] = (), **kwargs: Any) -> None:
        # Not before Django is set up, and not for other commands: it imports daphne.
        from realtime_project.live.server import LiveCommandLine

        command_line = LiveCommandLine()
        if not {"-h", "--help"}.intersection(options):
            _hold_installation()
        command_line.run(options)


def _hold_installation() -> None:
    try:
        single.hold_unless_shared(settings.VAR / "worker.lock")
    except single.AlreadyRunning as error:
        raise CommandError(str(error)) from error
