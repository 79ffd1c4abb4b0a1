"""The command line of a worker: daphne's, with this protocol's limits as defaults."""

import sys
from argparse import BooleanOptionalAction, Namespace
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from socket import gethostname

from daphne.cli import DEFAULT_HOST, DEFAULT_PORT, CommandLineInterface
from django.conf import settings
from django.core.management import call_command

from realtime_project.live.child import JobsProcess
from realtime_project.live.engine import LiveServer
from realtime_project.live.protocol import MAX_FRAME_BYTES
from realtime_project.live.worker import worker


class LiveCommandLine(CommandLineInterface):
    """daphne's options, `--prepare` and `--no-jobs`."""

    description = "Serve this installation with one daphne worker."

    def __init__(self) -> None:
        super().__init__()
        self.parser.prog = "manage.py serve"
        self.parser.add_argument(
            "--prepare",
            action="store_true",
            help="First migrate the database, collect static files and print the setup link "
            "of an empty installation",
        )
        self.parser.add_argument(
            "--jobs",
            action=BooleanOptionalAction,
            default=not settings.REDIS_URL,
            help="Do jobs too, in a process beside this one, as is the default without REDIS_URL",
        )
        self.parser.add_argument(
            "--drain-wait",
            type=float,
            default=0,
            metavar="SECONDS",
            help="On SIGTERM go on listening this long after /readyz says 503, for a balancer "
            "that asks it now and then",
        )
        self.parser.set_defaults(
            websocket_max_message_size=MAX_FRAME_BYTES,
            websocket_max_frame_size=MAX_FRAME_BYTES,
            # The application pings and ends sockets itself: daphne never pings a socket that
            # keeps sending, and ends old ones all together.
            websocket_timeout=-1,
            # When a whole crowd comes back at once, the last ones wait their turn. Cutting them
            # off makes them come again, and none of them ever gets in.
            websocket_connect_timeout=30,
            ping_interval=24 * 3600,
            verbosity=0,
            server_name="",
        )

    def run(self, args: Sequence[str]) -> None:
        """Serve until a signal ends the process."""
        args = [*args, settings.ASGI_APPLICATION_PATH]
        options = self.parser.parse_args(args)
        address = _address(options)
        worker.place = f"{gethostname()}:{_door(options)}"
        if options.prepare:
            call_command("prepare", address)
        jobs = JobsProcess() if options.jobs else None
        self.server_class = partial(
            LiveServer,
            on_listening=partial(_on_listening, address, jobs),
            drain_wait=options.drain_wait,
        )
        try:
            super().run(args)
        finally:
            if jobs is not None:
                jobs.end()
        if self.server.has_failed:
            sys.exit(1)


def _on_listening(address: str, jobs: JobsProcess | None) -> None:
    print(f"Serving {settings.SITE_NAME} at {address}", flush=True)  # noqa: T201
    if jobs is not None:
        # Not sooner: whoever waits for the page does not wait for this.
        jobs.start()


def _door(options: Namespace) -> str:
    """What tells the workers of a machine apart, and stays when one is started again."""
    if options.unix_socket:
        return Path(options.unix_socket).stem
    return str(options.port or DEFAULT_PORT)


def _address(options: Namespace) -> str:
    if settings.SITE_URL:
        return str(settings.SITE_URL)
    if options.unix_socket:
        return f"unix:{options.unix_socket}"
    return f"http://{options.host or DEFAULT_HOST}:{options.port or DEFAULT_PORT}"
