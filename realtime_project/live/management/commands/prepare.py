"""`manage.py prepare`: what is done once before an installation is served, or served anew."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Migrate the database, collect static files and print the setup link of an empty "
        "installation. Workers of the release before may go on serving meanwhile."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        for name, arguments in settings.PREPARE:
            call_command(name, *(argument.format(address=address) for argument in arguments))
