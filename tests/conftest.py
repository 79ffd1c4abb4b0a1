"""The people in the tests, and fixtures that start real servers; see CONTRIBUTING.md for how the
tests are organised."""

import fcntl
import os
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings
from xdist.remote import Producer

from realtime_project.accounts.models import User
from tests.cast import make_person
from tests.journeys.budgets import budget_lines
from tests.servers.installation import Installation, sqlite_in
from tests.servers.postgres import Postgres, serve_postgres
from tests.servers.process import tail
from tests.servers.requirements import IS_CI, count_missing, required
from tests.servers.valkey import Valkey, serve_valkey
from tests.sharing_out import Together, longest_first, note_durations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.servers.chromium import SharedBrowser, Visitors

# A slow minute of the machine is not a wrong answer, and CI repeats its examples.
hypothesis_settings.register_profile("signalbox", deadline=None, derandomize=IS_CI)
hypothesis_settings.load_profile("signalbox")

DATABASE_FIXTURES = {"db", "transactional_db"}
NewInstallation = Callable[[], Installation]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    # The run's folder and server go as a whole; dropping the database on its own would fail
    # while a thread of the hot path still holds a connection.
    return True


@pytest.fixture
def people_database(db: None) -> None:
    """Where people are kept: as the test's `django_db` marker says, or in a transaction."""


@pytest.fixture
def alice(people_database: None) -> User:
    return make_person("alice")


@pytest.fixture
def bob(people_database: None) -> User:
    return make_person("bob")


@pytest.fixture
def mallory(people_database: None) -> User:
    return make_person("mallory")


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[Valkey]:
    with required(), serve_valkey() as server:
        yield server


@pytest.fixture
def valkey(valkey_server: Valkey) -> Valkey:
    """An empty Valkey server."""
    valkey_server.flush()
    return valkey_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with required(), serve_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def new_installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> NewInstallation:
    """A function that makes installations: migrated, empty, not served."""
    folders = tmp_path_factory.mktemp("installations")
    if request.config.getoption("database") == "postgres":
        return installations_on_postgres(folders, request.getfixturevalue("postgres"))
    return installations_on_sqlite(folders)


def installations_on_sqlite(folders: Path) -> NewInstallation:
    numbers = count(1)
    template = shared_template(Path(os.environ["SIGNALBOX_TESTS"]))

    def new() -> Installation:
        var = folders / str(next(numbers))
        return template.copy_to(var, sqlite_in(var))

    return new


def shared_template(folder: Path) -> Installation:
    """One for the whole run: whichever of its processes comes first makes it."""
    made = folder / "template"
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = folder / "template.new"
            Installation(making, sqlite_in(making)).prepare()
            making.rename(made)
    return Installation(made, sqlite_in(made), is_prepared=True)


def installations_on_postgres(folders: Path, server: Postgres) -> NewInstallation:
    numbers = count(1)
    template = Installation(folders / "template", server.create("template")).prepare()

    def new() -> Installation:
        number = str(next(numbers))
        return template.copy_to(folders / number, server.create(number, template="template"))

    return new


@pytest.fixture(scope="module")
def live_server_process(new_installation: NewInstallation) -> Iterator[Installation]:
    """`manage.py serve` in a process of its own, shared by the tests of a file."""
    with new_installation().served() as installation:
        yield installation


@pytest.fixture
def fresh_server_process(new_installation: NewInstallation) -> Iterator[Installation]:
    """`manage.py serve` on an empty installation, for one test alone."""
    with new_installation().served() as installation:
        yield installation


@pytest.fixture(scope="session")
def shared_browser() -> "Iterator[SharedBrowser]":
    from tests.servers.chromium import SharedBrowser

    browser = SharedBrowser()
    yield browser
    browser.end()


@pytest.fixture(scope="module")
def chromium(shared_browser: "SharedBrowser") -> "Iterator[Browser]":
    with required(), shared_browser.lent() as browser:
        yield browser


@pytest.fixture
def visitors(chromium: "Browser", live_server_process: Installation) -> "Iterator[Visitors]":
    """Call it for a new person's page; an uncaught error on any page fails the test."""
    from tests.servers.chromium import Visitors

    visitors = Visitors(chromium, live_server_process.url)
    yield visitors
    visitors.leave()
    if visitors.faults:
        pytest.fail("\n".join(["A page reported:", *visitors.faults]), pytrace=False)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    database, is_long = config.getoption("database"), config.getoption("long")
    chosen = [item for item in items if runs_on(database, item, is_long=is_long)]
    config.hook.pytest_deselected(items=list(set(items) - set(chosen)))
    items[:] = longest_first(chosen)


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are processors: tests of servers wait half of their time."""
    return min(8, len(os.sched_getaffinity(0)) + 2)


# xdist's own groups are lost with pytest 9.2: pytest-dev/pytest-xdist#1386.
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together | None:
    if config.getoption("dist") != "loadgroup":
        return None
    config.option.loadscopereorder = False
    return Together(config, log)


def runs_on(database: str, item: pytest.Item, *, is_long: bool) -> bool:
    if marker := item.get_closest_marker("database"):
        return database == marker.args[0] or (is_long and not marker.kwargs.get("only"))
    return database == "sqlite" or touches_database(item)


def touches_database(item: pytest.Item) -> bool:
    """Servers in processes of their own are left out: who speaks to them does not see which
    database it is. Those that break it, and the cluster, bring their own PostgreSQL."""
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(DATABASE_FIXTURES & fixtures_of(item))


def fixtures_of(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, Installation) and value.log.exists():
                report.sections.append((f"log of {value.url}", tail(value.log)))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing = count_missing(terminalreporter.stats.get("skipped", []))
    for what, tests in missing.items():
        line = f"{tests} TESTS DID NOT RUN: not installed: {what}"
        terminalreporter.write_line(line, red=True, bold=True)
    if terminalreporter.config.getoption("note_durations"):
        lists = (terminalreporter.getreports(name) for name in ("passed", "failed", "skipped", ""))
        note_durations(report for reports in lists for report in reports)
    for line in budget_lines(terminalreporter.getreports("passed")):
        terminalreporter.write_line(line)
