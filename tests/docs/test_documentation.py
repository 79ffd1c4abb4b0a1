"""What is undocumented does not exist: each of these tests names what is missing."""

import re

import pytest

from dashboard.measuring.sampling import unit_of
from realtime_project.live import (
    job_gauges,  # noqa: F401 (puts its own into the table)
    metrics,
)
from realtime_project.live.codes import CloseCode, ErrorCode
from realtime_project.live.exposition import expose
from realtime_project.live.queue import jobs
from realtime_project.live.routes import routes
from tests.servers.installation import ROOT

ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
README = (ROOT / "README.md").read_text()
PYTHON = [
    path
    for folder in ("realtime_project", "chat", "dashboard", "notifications")
    for path in (ROOT / folder).rglob("*.py")
]


def names_in_code(pattern: str) -> set[str]:
    return {name for path in PYTHON for name in re.findall(pattern, path.read_text())}


def test_every_topic_and_command_is_in_the_protocols_tables():
    for route in routes():
        assert f"`{route.pattern}`" in ARCHITECTURE
        for command in route.consumer.commands:
            assert f"| `{command}` |" in ARCHITECTURE, command


def test_no_table_tells_of_a_command_that_is_gone():
    known = {name for route in routes() for name in route.consumer.commands}
    [table] = re.findall(r"\| command \|.*?\n\n", ARCHITECTURE, flags=re.DOTALL)
    told = set(re.findall(r"^\| `([\w.]+)` \|", table, flags=re.MULTILINE))

    assert told - {"subscribe", "unsubscribe"} == known


def test_every_event_is_in_the_table():
    events = names_in_code(r'(?:event_frame|tell_event|tell_here)\((?:[\w.()=]+, )?"(\w+)"')

    assert events == {"hello", "goodbye", "heads", "typing", "left", "counts"}
    for event in events:
        assert f"| `{event}` |" in ARCHITECTURE, event


def test_every_row_and_its_fields_are_in_the_table():
    from chat import protocol
    from dashboard.boards import protocol as boards
    from notifications import protocol as notifications

    for row in (
        protocol.MembershipRow,
        protocol.RoomRow,
        protocol.MemberRow,
        protocol.MessageRow,
        notifications.InboxRow,
        notifications.NotificationRow,
        notifications.MarkRow,
        notifications.AnnouncementRow,
        boards.LanesRow,
        boards.SecondRow,
    ):
        fields = ", ".join(f"`{name}`" for name in row.__struct_fields__)
        assert f"| `{row.__struct_config__.tag}` |" in ARCHITECTURE
        assert fields in ARCHITECTURE, fields


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_error_code_is_explained(code: ErrorCode):
    assert f"| `{code}` |" in ARCHITECTURE


@pytest.mark.parametrize("code", list(CloseCode))
def test_every_close_code_is_explained_and_known_to_the_page(code: CloseCode):
    assert f"| {code.value} |" in ARCHITECTURE
    assert str(code.value) in (ROOT / "static/js/live/close-codes.js").read_text()


def test_every_setting_is_in_the_readme_and_no_other():
    settings = (ROOT / "realtime_project/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", README, flags=re.MULTILINE))

    assert told == read


def test_every_metric_is_in_its_table_and_no_other():
    document = (ROOT / "docs/metrics.md").read_text()
    lines = re.findall(r"^\| `(\w+)` \| (.*?) ?\|", document, flags=re.MULTILINE)
    rendered = re.findall(r"^# TYPE (\w+) ", expose().decode(), flags=re.MULTILINE)

    assert dict(lines) == {
        metric.name: ", ".join(f"`{label}`" for label in metric.labels) for metric in metrics.table
    }
    assert sorted(rendered) == sorted(name for name, _ in lines)


def test_every_metric_is_told_of_with_the_unit_in_which_it_is_kept():
    document = (ROOT / "docs/metrics.md").read_text()
    lines = re.findall(r"^\| `(\w+)` \| .*?\| (\w+) \| ", document, flags=re.MULTILINE)

    assert dict(lines) == {
        metric.name: unit_of(metric.name) or "number" for metric in metrics.table
    }


def test_every_file_of_the_kernel_has_its_place_on_the_map():
    skipped = {"__init__", "admin", "apps", "models", "urls"}
    for path in (ROOT / "realtime_project/live").glob("*.py"):
        if path.stem not in skipped:
            assert f"`{path.name}`" in ARCHITECTURE, path.name


def test_every_command_of_make_is_listed_for_developers():
    makefile = (ROOT / "Makefile").read_text()
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    for name in re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE):
        assert f"make {name}" in contributing, name


def test_links_between_documents_lead_somewhere():
    for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_job_is_in_the_table():
    for name, job in jobs().items():
        if not name.startswith("work."):  # those of the tests
            assert f"| `{name}` | {job.every or ''} |" in ARCHITECTURE, name
