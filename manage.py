#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line

from realtime_project.live import loop


def main() -> None:
    """Run a management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "realtime_project.settings")
    if sys.argv[1:2] == ["serve"]:
        # Here already: setting Django up imports daphne, which makes its loop at once.
        loop.install()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
