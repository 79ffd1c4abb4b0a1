"""`manage.py demo`: fill an installation with a made-up team, for looking around and measuring."""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chat.demo.filling import SIZES, fill
from chat.models import Message
from realtime_project import installation
from realtime_project.live import single

PASSWORD_BYTES = 9


class Command(BaseCommand):
    help = (
        "Fill an installation with people, rooms and messages that are made up. "
        "All of them have one password, which is printed and kept in the installation's folder."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="small")
        parser.add_argument("--seed", type=int, default=1)
        what_if_full = parser.add_mutually_exclusive_group()
        what_if_full.add_argument(
            "--add", action="store_true", help="also where something was said already"
        )
        what_if_full.add_argument(
            "--once", action="store_true", help="do nothing where something was said already"
        )

    def handle(self, *args: Any, size: str, seed: int, **options: Any) -> None:
        is_full = Message.objects.exists()
        if is_full and not options["add"] and not options["once"]:
            raise CommandError(
                "Something was said here already, and made-up talk would stand beside it. "
                "--add does that; `make demo` has a folder of its own."
            )
        password = installation.secret(settings.VAR / "demo_password", PASSWORD_BYTES)
        if not is_full or options["add"]:
            self._fill(size, seed, password)
        self.stdout.write(f"\n  Sign in as ada, jonas, irina or another one: {password}\n")

    def _fill(self, size: str, seed: int, password: str) -> None:
        try:
            # A worker without a broker would not hear of it.
            single.hold_unless_shared(settings.VAR / "worker.lock")
        except single.AlreadyRunning as error:
            raise CommandError("Stop the server first: it would not hear of it.") from error
        began = perf_counter()
        fill(SIZES[size], password, seed=seed, tell=self._tell)
        self._tell(f"in {perf_counter() - began:.1f} s")

    def _tell(self, progress: str) -> None:
        self.stdout.write(f"  made up {progress}")
