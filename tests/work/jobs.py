"""Jobs that write down what became of them."""

import time
from pathlib import Path

from django.conf import settings

from realtime_project.live.queue import job


@job()
def write(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


@job(every="minute")
def tick() -> None:
    (settings.VAR / "ticked").touch()


@job(retries=2, retry_seconds=1)
def fail_twice(path: str) -> None:
    write(path, "tried")
    if len(Path(path).read_text().split()) < 3:
        raise ValueError("not yet")


@job()
def fail() -> None:
    raise ValueError("this cannot be done")


@job()
def last_until(path: str, end: str) -> None:
    write(path, "begun")
    while not Path(end).exists():
        time.sleep(0.01)
    write(path, "done")


@job(every="moment", rest_seconds=3600, is_called=True)
def answer() -> bool:
    letter = settings.VAR / "letter"
    if letter.exists():
        letter.rename(settings.VAR / "answered")
    return False


@job(every="moment")
def look() -> bool:
    """Eat one of the crumbs that lie about; choke on a bone."""
    crumbs = sorted(settings.VAR.glob("crumb*"))
    for crumb in crumbs[:1]:
        is_bone = crumb.read_text() == "bone"
        crumb.rename(settings.VAR / f"eaten-{crumb.name}")
        if is_bone:
            raise ValueError("a bone")
    return len(crumbs) > 1
