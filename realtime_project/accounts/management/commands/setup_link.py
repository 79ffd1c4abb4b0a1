"""`manage.py setup_link`: show where the first account is made."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from realtime_project.accounts import services


class Command(BaseCommand):
    help = "Print the one-time link behind which the owner of an empty installation is made."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        if not services.needs_owner():
            if options["verbosity"] > 0:
                self.stdout.write("This installation has its owner.")
            return
        path = reverse("setup", args=[services.setup_token()])
        self.stdout.write(
            f"\n  {settings.SITE_NAME} is empty. Open this link once to make the owner's "
            f"account:\n\n    {settings.SITE_URL or address}{path}\n"
        )
