"""What services ask for and nobody waits for is done by a process of its own."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from realtime_project.live.broker import broker
from realtime_project.live.jobs_process import FINISH_SECONDS
from realtime_project.live.queue import call, enqueue, find, jobs
from tests.servers.installation import ROOT
from tests.servers.nursery import WORK
from tests.servers.process import running
from tests.work import jobs as work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def process(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A jobs process that looks into this run's queue. Its parameter: how many seconds it gives
    to jobs that run."""
    seconds = getattr(request, "param", FINISH_SECONDS)
    log = tmp_path / "jobs.log"
    broker().huey.storage.flush_queue()
    with running(
        [*WORK, str(seconds)],
        log=log,
        is_ready=lambda: "Doing jobs" in log.read_text(),
    ) as process:
        yield process


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """The file in which jobs write down what they did."""
    path = tmp_path / "told"
    path.touch()
    return path


def until_told(path: Path, *lines: str) -> None:
    until(lambda: path.read_text().split() == [*lines])


def test_what_is_asked_for_is_done_elsewhere(process, told: Path):
    enqueue("work.write", path=str(told), line="hello")

    until_told(told, "hello")


def test_what_is_asked_for_before_the_process_starts_waits_for_it(request, told: Path):
    enqueue("work.write", path=str(told), line="later")
    assert told.read_text() == ""
    waiting = broker().huey.storage.enqueued_items()

    request.getfixturevalue("process")  # which begins with an empty queue
    for item in waiting:
        broker().huey.storage.enqueue(bytes(item))

    until_told(told, "later")


def test_what_is_due_is_done_without_anybody_asking(settings, request):
    ticked = settings.VAR / "ticked"
    ticked.unlink(missing_ok=True)

    request.getfixturevalue("process")

    until(ticked.exists)


def test_what_looks_every_moment_finds_what_nobody_has_asked_for(settings, process):
    for number in range(20):
        (settings.VAR / f"crumb{number}").touch()

    until(lambda: len([*settings.VAR.glob("eaten-crumb*")]) == 20)
    for eaten in settings.VAR.glob("eaten-crumb*"):
        eaten.unlink()


def test_what_looks_every_moment_goes_on_after_a_fault(settings, process, tmp_path: Path):
    (settings.VAR / "crumb0").write_text("bone")
    until_logged(tmp_path, "The job work.look failed")
    (settings.VAR / "crumb1").touch()

    until((settings.VAR / "eaten-crumb1").exists)
    for eaten in settings.VAR.glob("eaten-crumb*"):
        eaten.unlink()


def test_what_is_called_looks_before_it_has_rested(settings, process):
    (settings.VAR / "letter").touch()

    with transaction.atomic():
        call("work.answer")

    until((settings.VAR / "answered").exists)
    (settings.VAR / "answered").unlink()


def test_a_call_that_nobody_hears_disturbs_nobody(settings):
    (settings.VAR / "jobs-doorbell").unlink(missing_ok=True)

    call("work.answer")


def test_a_job_that_fails_is_tried_again(process, told: Path):
    enqueue("work.fail_twice", path=str(told))

    until_told(told, "tried", "tried", "tried")


def test_a_job_that_is_asked_for_in_a_transaction_that_fails_is_not_done(process, told: Path):
    def change_and_fail() -> None:
        with transaction.atomic():
            enqueue("work.write", path=str(told), line="wrong")
            raise RuntimeError("nothing has happened")

    with pytest.raises(RuntimeError, match="nothing has happened"):
        change_and_fail()
    with transaction.atomic():
        enqueue("work.write", path=str(told), line="right")
        assert told.read_text() == ""

    until_told(told, "right")


def test_on_sigterm_the_job_that_runs_is_finished_and_no_other_is_begun(
    process, told: Path, tmp_path: Path
):
    for _ in range(20):
        enqueue("work.last_until", path=str(told), end=str(tmp_path / "end"))
    until_told(told, *["begun"] * 4)

    process.send_signal(signal.SIGTERM)
    until_logged(tmp_path, "Finishing the jobs that run")
    (tmp_path / "end").touch()

    assert process.wait(90) == 0
    assert told.read_text().split() == ["begun"] * 4 + ["done"] * 4


@pytest.mark.parametrize("process", [1], indirect=True)
def test_a_job_that_never_ends_does_not_keep_the_process(process, told: Path, tmp_path: Path):
    enqueue("work.last_until", path=str(told), end=str(tmp_path / "never"))
    until_told(told, "begun")

    process.send_signal(signal.SIGTERM)

    assert process.wait(90) == 0
    assert told.read_text().split() == ["begun"]


def test_what_somebody_else_put_into_the_queue_is_not_done(process, told: Path, tmp_path: Path):
    forged = broker().huey.serialize_task(_task("work.write", path=str(told), line="forged"))
    # Another last figure than the signature has, whichever that is.
    broker().huey.storage.enqueue(forged[:-1] + (b"1" if forged.endswith(b"0") else b"0"))

    until_logged(tmp_path, "mismatch")
    enqueue("work.write", path=str(told), line="genuine")

    until_told(told, "genuine")


def test_what_fails_is_logged_by_name_with_where_it_failed(caplog):
    broker().huey.execute(_task("work.fail"))

    assert "The job work.fail failed" in caplog.text
    assert "this cannot be done" in caplog.text
    assert "tests/work/jobs.py" in caplog.text


def test_a_job_leaves_no_connection_to_the_database_open():
    left_open: list[bool] = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        left_open.append(connection.connection is not None)
        broker().huey.execute(_task("work.fail"))
        left_open.append(connection.connection is not None)

    thread = Thread(target=ask)
    thread.start()
    thread.join()

    assert left_open == [True, False]


def test_a_mistake_in_asking_shows_at_once():
    with pytest.raises(LookupError, match=r"no job “work\.rite”"):
        enqueue("work.rite")
    with pytest.raises(TypeError, match="line"):
        enqueue("work.write", path="somewhere", lines="one too many")


def test_a_queue_that_is_away_harms_nobody(monkeypatch, caplog):
    def refuse(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(broker(), "_away_until", 0.0)
    monkeypatch.setattr(broker().huey.storage, "enqueue", refuse)

    for _ in range(3):
        enqueue("work.write", path="nowhere", line=str(uuid4()))

    assert caplog.text.count("The queue is away") == 1


def test_a_declared_job_is_still_the_function_it_was(told: Path):
    work.write(str(told), "called")

    assert told.read_text() == "called\n"
    assert find("work.write").run is work.write


def test_every_job_that_is_asked_for_exists():
    asked = {
        name
        for folder in ("realtime_project", "chat", "dashboard", "notifications")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r'\benqueue\(\s*"([\w.]+)"', path.read_text())
    }

    assert asked <= set(jobs())


def until_logged(folder: Path, text: str) -> None:
    until(lambda: text in (folder / "jobs.log").read_text())


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _task(name: str, **arguments: str):
    return broker()._tasks[name].s(**arguments)
