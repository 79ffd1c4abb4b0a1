"""`manage.py jobs`: do what nobody waits for."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from realtime_project.live import queue


class Command(BaseCommand):
    help = (
        "Do jobs: what services ask for and what is due every minute or hour. `serve` starts this "
        "itself where there is no broker; with REDIS_URL it is a service of its own."
    )
    # Whoever serves has checked them, and beside `serve` this process should start fast.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--list", action="store_true", help="Show every job")
        one.add_argument("--run", metavar="NAME", help="Do one job here and now")
        one.add_argument(
            "--leashed", action="store_true", help="End when standard input does (for `serve`)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
        elif options["run"]:
            _run(options["run"])
        else:
            # Not for the others: it imports huey.
            from realtime_project.live import jobs_process

            jobs_process.run(leash=sys.stdin if options["leashed"] else None)

    def _list(self) -> None:
        for name, job in sorted(queue.jobs().items()):
            when = f"every {job.every}" if job.every else "when asked for"
            summary = (job.run.__doc__ or "").partition("\n")[0]
            self.stdout.write(f"{name:32}{when:16}{summary}")


def _run(name: str) -> None:
    try:
        job = queue.find(name)
    except LookupError as error:
        raise CommandError(f"{error.args[0]}; see `manage.py jobs --list`.") from error
    job.run()
