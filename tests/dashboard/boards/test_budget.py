"""What a large board costs a worker has an end, and one is computed at a time."""

import threading
from typing import Any

import pytest

from dashboard.boards import budget, data, services
from dashboard.boards.body import Body, Panel
from dashboard.models import Board
from dashboard.queries import Query
from dashboard.storage.codec import decode_chunk, encode_chunk
from dashboard.storage.points import merge, single, spread
from realtime_project.accounts.models import User
from tests.dashboard.boards.boards import data_in, measure, now, series

pytestmark = pytest.mark.django_db(transaction=True)

PANELS = [
    Panel("p1", "Lag", "line", 0, 0, 6, 3, queries=[Query("lag", by=("worker",), fn="max")]),
    Panel("p2", "Queue", "line", 6, 0, 6, 3, queries=[Query("queue", fn="max")]),
]


@pytest.fixture
def staff(sam: User, browser_of: Any) -> Any:
    return browser_of(sam)


@pytest.fixture
def board(sam: User) -> Board:
    start = now() - 9
    for worker in ("web@0", "web@1"):
        measure(series("lag", worker=worker), 4, start=start)
    measure(series("queue"), 7, start=start)
    return services.make_board(person=sam, body=Body("Mine", PANELS))


def lanes(answer: Any) -> dict[str, list[float]]:
    panels = answer.json()["panels"]
    return {
        name: [max(value for value in lane["values"] if value is not None) for lane in one["lanes"]]
        for name, one in panels.items()
    }


def test_panels_that_are_read_apart_show_what_they_show_together(staff, board, monkeypatch):
    address = f"/boards/{board.slug}/data?step=1"
    together = lanes(staff.get(address))
    monkeypatch.setattr(budget, "AT_ONCE", 1)

    assert lanes(staff.get(address)) == together == {"p1": [4, 4], "p2": [7]}


def test_one_panel_may_not_take_all_of_it(staff, board, monkeypatch):
    address = f"/boards/{board.slug}"
    monkeypatch.setattr(budget, "MOST_OF_A_PANEL", 1_000)
    answer = staff.get(f"{address}/data?step=1")
    assert answer.json()["panels"]["p1"] == {"lanes": [], "left_out": 0, "blank": "too_much"}
    assert lanes(answer) == {"p1": [], "p2": [7]}
    assert "refused" not in data_in(staff.get(f"{address}/"))
    assert staff.get(f"{address}/panels/p1.csv?step=1").status_code == 422

    monkeypatch.setattr(budget, "MOST_OF_A_PANEL", 3_000)
    assert lanes(staff.get(f"{address}/data?step=1")) == {"p1": [4, 4], "p2": [7]}


def test_panels_are_computed_as_far_as_they_fit(monkeypatch):
    monkeypatch.setattr(budget, "MOST_VALUES", 100)
    monkeypatch.setattr(budget, "MOST_OF_A_PANEL", 60)

    assert budget.affordable([7, 5, 6, 5, 0], 10) == [False, True, False, True, True]


def test_who_finds_another_large_board_being_computed_is_asked_to_come_back(
    staff, board, monkeypatch
):
    address = f"/boards/{board.slug}"
    monkeypatch.setattr(budget, "FEW", 100)
    monkeypatch.setattr(budget, "PATIENCE_SECONDS", 0.01)
    with budget.turn(101):
        answers = [staff.get(f"{address}/{what}?step=1") for what in ("data", "panels/p1.csv")]
        page = data_in(staff.get(f"{address}/"))
        monkeypatch.setattr(budget, "FEW", 1_000_000)
        small = staff.get(f"{address}/data?step=1")

    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].headers["Retry-After"]
    assert page["refused"]
    assert small.status_code == 200


def test_the_turn_comes_when_the_other_is_done(board, monkeypatch):
    monkeypatch.setattr(budget, "FEW", 0)
    monkeypatch.setattr(budget, "PATIENCE_SECONDS", 60.0)
    order: list[str] = []
    is_held = threading.Event()

    def wait() -> None:
        is_held.set()
        with budget.turn(1):
            order.append("second")

    with budget.turn(1):
        other = threading.Thread(target=wait)
        other.start()
        assert is_held.wait(60)
        order.append("first")
    other.join(60)

    assert order == ["first", "second"]


def test_a_failure_gives_the_turn_back(staff, board, monkeypatch):
    monkeypatch.setattr(budget, "FEW", 0)

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is broken")

    monkeypatch.setattr(data, "read", broken)
    with pytest.raises(RuntimeError):
        staff.get(f"/boards/{board.slug}/data?step=1")
    monkeypatch.undo()

    monkeypatch.setattr(budget, "FEW", 0)
    assert staff.get(f"/boards/{board.slug}/data?step=1").status_code == 200


def test_what_is_read_of_a_chunk_is_what_was_written():
    singles = {at: single(at / 3, at) for at in range(5)}
    several = singles | {7: merge(single(1, 7), single(3, 7.5)), 8: spread([0.2, 9], 8)}

    assert decode_chunk(encode_chunk(singles)) == singles
    assert decode_chunk(encode_chunk(several)) == several
