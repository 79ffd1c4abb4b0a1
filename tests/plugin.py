"""Gives a run of pytest an installation of its own, before Django reads its settings."""

import ctypes
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.hashing import hash_passwords_fast
from tests.servers import nursery
from tests.servers.postgres import serve_postgres

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
# What a developer may have set for a server of their own.
FOREIGN_SETTINGS = ("DATABASE_URL", "DEBUG", "REDIS_URL", "SECRET_KEY", "SITE_URL", "STATIC_ROOT")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgres"],
        default="sqlite",
        help="what the tests run on; postgres selects those that touch a database",
    )
    parser.addoption(
        "--long", action="store_true", help="run the faults in their long form (make faults)"
    )
    parser.addoption(
        "--note-durations",
        action="store_true",
        help="write into tests/durations.json how long every file took: runs are shared out by it",
    )


def pytest_configure(config: pytest.Config) -> None:
    # What `make faults` breaks for long was started as everybody starts it.
    nursery.is_open = not config.getoption("long")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    # A wrapper, because pytest-django loads the settings in this very hook.
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        make_installation(early_config)
    else:
        die_with_parent()
    os.environ["SIGNALBOX_VAR"] = str(Path(os.environ["SIGNALBOX_TESTS"], worker or "main"))
    yield
    from tests.emptying import empty_fast

    hash_passwords_fast()
    empty_fast()


def make_installation(config: pytest.Config) -> None:
    """Make one folder for the whole run, and start PostgreSQL if it is asked for."""
    stack = ExitStack()
    config.add_cleanup(stack.close)
    folder = tempfile.mkdtemp(prefix="signalbox-tests-")
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["SIGNALBOX_TESTS"] = folder
    for name in FOREIGN_SETTINGS:
        os.environ.pop(name, None)
    if config.known_args_namespace.database == "postgres":
        server = stack.enter_context(serve_postgres())
        os.environ["DATABASE_URL"] = server.url("postgres")


def die_with_parent() -> None:
    """A worker whose run was killed would finish its test first, and keep its servers."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
