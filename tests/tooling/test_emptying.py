"""Between two tests nothing of the first one goes on."""

from threading import Event

from realtime_project.live.database import _readers, _writers
from tests.emptying import settle


def test_a_test_ends_when_the_threads_that_it_kept_busy_rest():
    goes_on, ended = Event(), []
    for threads in (_readers, _writers):
        for _ in range(20):
            threads.submit(lambda: ended.append(goes_on.wait(60)))
    goes_on.set()

    settle()

    assert ended == [True] * 40
