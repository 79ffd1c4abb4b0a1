"""What a board's page gets, and what people do with boards."""

import csv
import json
from io import StringIO

import msgspec
import pytest
from asgiref.sync import async_to_sync
from django.contrib.admin.models import LogEntry
from django.db import OperationalError

from dashboard.boards import bands, budget, data, opening, services
from dashboard.boards.annotations import annotate
from dashboard.boards.body import MAX_LANES, MAX_PANELS
from dashboard.boards.panels import shown_of
from dashboard.models import Board, Star
from dashboard.queries import Query
from tests.dashboard.boards.boards import (
    as_json,
    body,
    data_in,
    make_board,
    measure,
    measure_spread,
    now,
    series,
    text_of,
)
from tests.dashboard.boards.packed import unpacked

SOCKETS = Query("signalbox_sockets", fn="sum")


@pytest.fixture
def staff(sam, browser_of):
    return browser_of(sam)


def lanes(answer, panel: str = "p1"):
    return answer.json()["panels"][panel]["lanes"]


def known(values):
    return [value for value in values if value is not None]


class TestOpening:
    def test_a_board_opens_full(self, staff):
        measure(series("signalbox_sockets", worker="web@0"), 4, 5, start=now() - 20)

        page = staff.get("/boards/overview/")

        assert page.context["board"]["panels"][0]["title"] == "Open sockets"
        data = data_in(page)
        [lane] = data["panels"]["p1"]["lanes"]
        assert known(unpacked(lane)) == [4, 5]
        assert data["rev"] == 2

    def test_the_page_holds_all_of_it_in_its_text(self, staff):
        text = text_of(staff.get("/boards/overview/"))

        assert text.rstrip().endswith("</html>")
        assert '"may_edit": false' in text or '"may_edit":false' in text

    def test_the_first_board_is_the_overview(self, staff):
        assert staff.get("/boards/").headers["Location"] == "/boards/overview/"

    def test_others_come_to_the_first_that_is_theirs(self, alice, browser_of):
        assert browser_of(alice).get("/boards/").status_code == 200
        board = make_board(alice, SOCKETS)

        assert browser_of(alice).get("/boards/").headers["Location"] == f"/boards/{board.slug}/"

    @pytest.mark.parametrize("query", ["range=1h", "range=nonsense", "from=1&to=0", "worker=x"])
    def test_any_address_opens(self, staff, query):
        assert staff.get(f"/boards/overview/?{query}").status_code == 200

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_every_built_in_board_opens(self, staff, language):
        from dashboard.boards.builtin import BUILT_IN

        for slug in BUILT_IN:
            page = staff.get(f"/boards/{slug}/", headers={"accept-language": language})
            assert page.status_code == 200, slug

    def test_its_numbers_are_read_while_the_browser_has_the_rest(self, staff, monkeypatch):
        read = []

        def look(*_args, **_facts):
            read.append("numbers")
            return {}

        monkeypatch.setattr(opening, "data_of", look)

        async def parts(page) -> list[str]:
            # Each with how often the numbers had been read by then.
            return [f"{len(read)} {part.decode()}" async for part in page.streaming_content]

        before, numbers, after = async_to_sync(parts)(staff.get("/boards/overview/"))

        assert before.startswith("0 <!doctype html>")
        assert "js/boards/page" in before
        assert numbers == '1 <script id="data" type="application/json">{}</script>'
        assert "</html>" in after

    def test_a_page_whose_numbers_cannot_be_read_asks_for_them_again(
        self, staff, monkeypatch, caplog
    ):
        def fail(*_args, **_facts):
            raise OperationalError("the database is away")

        monkeypatch.setattr(opening, "data_of", fail)

        assert data_in(staff.get("/boards/overview/"))["refused"]
        assert "could not be read" in caplog.text


class TestData:
    def test_comes_packed_to_who_asks_for_that_and_in_digits_to_pages_of_before(self, staff):
        start = now() - 30
        measure(series("signalbox_sockets", worker="web@0"), 0.1, 5, start=start)
        address = f"/boards/overview/data?from={start}&to={start + 3}&step=1"

        [packed], [lane] = (lanes(staff.get(address + more)) for more in ("&packed=1", ""))

        assert lane["values"] == [0.1, 5, None]
        assert unpacked(packed) == [0.1, 5, None]
        assert "values" not in packed

    def test_has_a_value_for_each_second_and_none_where_nothing_was_measured(self, staff):
        start = now() - 30
        pk = series("signalbox_sockets", worker="web@0")
        measure(pk, 4, 5, start=start)
        measure(pk, 6, start=start + 4)

        answer = staff.get(f"/boards/overview/data?from={start}&to={start + 6}&step=1")

        assert answer.json()["seconds"] == list(range(start, start + 6))
        assert lanes(answer)[0]["values"] == [4, 5, None, None, 6, None]

    def test_is_of_one_worker_or_shows_each(self, staff):
        start = now() - 30
        for worker, value in (("web@0", 4), ("web@1", 5)):
            measure(series("signalbox_sockets", worker=worker), value, start=start)
        address = f"/boards/overview/data?from={start}&to={start + 1}&step=1"

        assert [lane["values"] for lane in lanes(staff.get(address))] == [[9]]
        assert [lane["values"] for lane in lanes(staff.get(f"{address}&worker=web@1"))] == [[5]]
        overlay = lanes(staff.get(f"{address}&worker=*"))
        assert {lane["label"]: lane["values"] for lane in overlay} == {"web@0": [4], "web@1": [5]}

    def test_of_one_worker_is_never_more_than_the_board_shows(self, staff, sam):
        start = now() - 30
        for worker, value in (("web@0", 4), ("web@1", 5), ("db@0", 6)):
            measure(series("signalbox_sockets", worker=worker), value, start=start)
        board = make_board(sam, Query("signalbox_sockets", labels={"worker": "web@*"}, fn="sum"))
        address = f"/boards/{board.slug}/data?from={start}&to={start + 1}&step=1"

        def shown(worker: str) -> list[list[float]]:
            return [lane["values"] for lane in lanes(staff.get(f"{address}&worker={worker}"))]

        assert shown("") == [[9]]
        assert shown("web@1") == [[5]]
        assert shown("db@0") == []

    def test_says_how_many_lanes_it_leaves_out(self, staff, sam):
        for number in range(MAX_LANES + 2):
            measure(series("signalbox_sockets", worker=f"web@{number}"), 4, start=now() - 9)
        each = make_board(sam, Query("signalbox_sockets", by=("worker",)))
        best = make_board(sam, Query("signalbox_sockets", by=("worker",), top=3))

        for board, left_out in ((each, 2), (best, MAX_LANES - 1)):
            panel = staff.get(f"/boards/{board.slug}/data").json()["panels"]["p1"]
            assert panel["left_out"] == left_out

    @pytest.mark.parametrize(
        ("query", "kind", "blank"),
        [
            (None, "line", "no_query"),
            (Query("signalbox_sockets", source="nobody"), "line", "no_source"),
            (Query("unheard_of"), "line", "no_series"),
            (Query("signalbox_sockets"), "heatmap", "no_distribution"),
            (Query("signalbox_topics"), "line", ""),
        ],
    )
    def test_says_why_nothing_is_in_a_panel(self, staff, sam, query, kind, blank):
        measure(series("signalbox_sockets", worker="web@0"), 4, start=now() - 9)
        series("signalbox_topics", worker="web@0")
        board = make_board(sam, *([query] if query else []), kind=kind)

        panel = staff.get(f"/boards/{board.slug}/data").json()["panels"]["p1"]

        assert panel == {"lanes": [], "left_out": 0, "blank": blank}

    def test_a_panel_that_cannot_be_computed_does_not_take_the_others_with_it(
        self, staff, sam, monkeypatch
    ):
        measure(series("signalbox_sockets", worker="web@0"), 4, start=now() - 9)
        one = body(SOCKETS)
        other = msgspec.structs.replace(one.panels[0], id="p2", title="Others")
        two = msgspec.structs.replace(one, panels=[*one.panels, other])
        board = services.make_board(person=sam, body=two)

        def fails_for_one(panel, *rest):
            if panel.id == "p1":
                raise OverflowError
            return shown_of(panel, *rest)

        monkeypatch.setattr(data, "shown_of", fails_for_one)
        panels = staff.get(f"/boards/{board.slug}/data").json()["panels"]

        assert panels["p1"]["blank"] == "failed"
        assert len(panels["p2"]["lanes"]) == 1

    def test_of_more_than_can_be_computed_is_refused_in_words(self, staff, sam, monkeypatch):
        measure(series("signalbox_sockets", worker="web@0"), 4, start=now() - 9)
        board = make_board(sam, SOCKETS, SOCKETS)
        monkeypatch.setattr(budget, "MOST_VALUES", 500)

        answer = staff.get(f"/boards/{board.slug}/data?step=1")
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert error["path"] == "panels"
        assert "1 series" in error["text"]
        csv_of_it = staff.get(f"/boards/{board.slug}/panels/p1.csv?step=1")
        assert csv_of_it.status_code == 422
        opened = data_in(staff.get(f"/boards/{board.slug}/"))
        assert opened["refused"]
        assert opened["panels"]["p1"]["blank"] == "too_much"
        assert staff.get(f"/boards/{board.slug}/data?step=10").status_code == 200

    def test_says_of_what_has_not_happened_yet_that_it_has_not(self, staff, sam):
        own = make_board(sam, Query("unheard_of"))

        built_in = staff.get("/boards/sockets/data").json()["panels"]
        assert built_in["p1"]["blank"] == "not_yet"
        mine = staff.get(f"/boards/{own.slug}/data").json()["panels"]
        assert mine["p1"]["blank"] == "no_series"

    def test_names_who_reported(self, staff):
        for worker in ("web@1", "web@0"):
            measure(series("process_cpu_seconds_total", worker=worker), 1, start=now() - 9)

        assert staff.get("/boards/overview/data").json()["workers"] == ["web@0", "web@1"]

    def test_of_a_histogram_is_the_fleets_true_percentile_and_a_heat_map(self, sam, staff):
        start = now() - 30
        for worker, values in (("a", [0.001] * 98), ("b", [1.0] * 2)):
            measure_spread(series("took", kind="histogram", worker=worker), *values, at=start)
        board = make_board(sam, Query("took", fn="percentile", q=0.99))
        hot = make_board(sam, Query("took"), kind="heatmap")
        span = f"data?from={start}&to={start + 1}&step=1"

        [lane] = lanes(staff.get(f"/boards/{board.slug}/{span}"))
        assert lane["values"] == [pytest.approx(1.0, rel=0.09)]
        rows = lanes(staff.get(f"/boards/{hot.slug}/{span}"))
        assert [row["values"][0] for row in rows if row["values"][0]] == [98, 2]
        assert rows[-1]["bound"] == pytest.approx(1.0)

    @pytest.mark.parametrize(
        "query",
        [
            "from=x", "from=-1x", "from=now&to=-15m", "step=0", "step=-1", "step=1.5",
            "from=-50m&to=now&step=1", "from=0&to=5", "from=1e9", "from=%00", "from=-9999999y",
        ],
    )  # fmt: skip
    def test_of_a_time_that_is_none_is_refused(self, staff, query):
        answer = staff.get(f"/boards/overview/data?{query}")
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "invalid"

    def test_that_did_not_change_is_not_sent_twice(self, staff):
        address = "/boards/overview/definition"
        etag = staff.get(address).headers["ETag"]

        again = staff.get(address, headers={"If-None-Match": etag})

        assert (again.status_code, again.content) == (304, b"")

    def test_tells_notes_and_alerts_of_its_time(self, staff, monkeypatch):
        def hot(start, end, reader):
            return [{"at": start, "title": "hot", "kind": "alert"}]

        at = now() - 60
        annotate("Version 7", at=at, kind="deploy", key="7")
        annotate("Version 7, again", at=at, kind="deploy", key="7", source=None)
        annotate("last year", at=at - 90_000)
        annotate("of a source", at=at, source=4)
        monkeypatch.setattr(bands, "_provider", hot)

        told = staff.get("/boards/overview/data").json()["annotations"]

        assert [one["title"] for one in told] == ["Version 7, again", "hot"]


class TestPreview:
    def test_a_panel_is_shown_as_it_would_be_and_nothing_is_kept(self, sam, browser_of):
        board = make_board(sam, Query("nothing"))
        measure(series("signalbox_sockets", worker="web@0"), 4, 5, start=now() - 20)

        wanted = as_json(body(SOCKETS))
        answer = browser_of(sam).post(f"/boards/{board.slug}/preview?from=-1m&to=now", **wanted)

        assert known(lanes(answer)[0]["values"]) == [4, 5]
        assert Board.objects.get(pk=board.pk).body == board.body

    def test_it_shows_what_the_owner_of_the_board_may_see_and_no_more(self, alice, browser_of):
        board = make_board(alice, Query("nothing"))
        measure(series("signalbox_sockets", worker="web@0"), 4, start=now() - 20)

        address = f"/boards/{board.slug}/preview"
        answer = browser_of(alice).post(address, **as_json(body(SOCKETS)))

        assert lanes(answer) == []

    def test_what_is_wrong_is_named_as_when_it_is_saved(self, alice, browser_of):
        board = make_board(alice, Query("nothing"))
        told = json.loads(msgspec.json.encode(body(SOCKETS)))
        told["panels"][0]["queries"][0]["fn"] = "guess"

        answer = browser_of(alice).post(f"/boards/{board.slug}/preview", **as_json(told))

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == "panels.0.queries.0.fn"

    def test_it_is_for_those_who_may_change_the_board(self, alice, bob, mallory, browser_of):
        board, hidden = make_board(alice, SOCKETS), make_board(alice, SOCKETS)
        services.share_board(person=alice, slug=board.slug, everybody=True, rooms=[])
        wanted = as_json(body(SOCKETS))

        assert browser_of(bob).post(f"/boards/{board.slug}/preview", **wanted).status_code == 403
        assert (
            browser_of(mallory).post(f"/boards/{hidden.slug}/preview", **wanted).status_code == 404
        )
        assert browser_of(alice).get(f"/boards/{board.slug}/preview").status_code == 400


class TestTakingAlong:
    def test_a_panel_as_csv(self, staff):
        start = now() - 30
        measure(series("signalbox_sockets", worker="web@0"), 4, start=start)

        answer = staff.get(f"/boards/overview/panels/p1.csv?from={start}&to={start + 2}&step=1")

        rows = list(csv.reader(StringIO(answer.content.decode())))
        assert rows[0] == ["time", "unix", "signalbox_sockets"]
        assert [row[1:] for row in rows[1:]] == [[str(start), "4.0"], [str(start + 1), ""]]
        assert "attachment" in answer.headers["Content-Disposition"]

    def test_no_label_is_a_formula_for_a_spreadsheet(self, staff, sam):
        board = make_board(sam, Query("signalbox_sockets", by=("worker",), legend="=1+{worker}"))
        measure(series("signalbox_sockets", worker="web@0"), 4, start=now() - 9)

        answer = staff.get(f"/boards/{board.slug}/panels/p1.csv").content.decode()

        assert answer.splitlines()[0] == "time,unix,'=1+web@0"

    @pytest.mark.parametrize(
        ("label", "cell"),
        [
            ("web;=1+1", "web;'=1+1"),
            ("web; +1", "web; '+1"),
            ('web;"=1"', 'web;"\'=1"'),
            ("web\t@sum", "web @sum"),
            ("\t=1", " '=1"),
            ("\r-1", " '-1"),
            ("web,|-1", "web,|'-1"),
            ("＝1", "'＝1"),
            ("web-1 = 2", "web-1 = 2"),
        ],
    )
    def test_nor_is_what_stands_behind_whatever_separates_cells_elsewhere(
        self, staff, sam, label, cell
    ):
        board = make_board(sam, Query("signalbox_sockets", by=("host",)))
        measure(series("signalbox_sockets", host=label), 4, start=now() - 9)

        answer = staff.get(f"/boards/{board.slug}/panels/p1.csv").content.decode()

        assert next(csv.reader(StringIO(answer))) == ["time", "unix", cell]

    def test_a_panel_as_json(self, staff):
        start = now() - 30
        measure(series("signalbox_sockets", worker="web@0"), 4, start=start)

        told = staff.get(
            f"/boards/overview/panels/p1.json?from={start}&to={start + 1}&step=1"
        ).json()

        assert (told["seconds"], told["lanes"][0]["values"]) == ([start], [4])

    def test_what_is_not_there_is_not_found(self, staff):
        assert staff.get("/boards/overview/panels/p99.csv").status_code == 404


class TestMaking:
    def test_a_board_is_made_and_changed(self, alice, browser_of):
        client = browser_of(alice)
        made = client.post("/boards/", **as_json(body(SOCKETS, title="Über alles!")))
        assert made.status_code == 201
        slug = made.json()["slug"]
        assert slug.startswith("uber-alles-")

        changed = client.put(f"/boards/{slug}/", **as_json(body(SOCKETS, title="Renamed")))

        assert changed.json() == {"slug": slug, "version": 2}
        assert client.get(f"/boards/{slug}/definition").json()["title"] == "Renamed"

    def test_what_was_copied_is_imported(self, alice, bob, browser_of):
        board = make_board(alice, SOCKETS)
        copied = browser_of(alice).get(f"/boards/{board.slug}/definition").json()
        text = {name: copied[name] for name in ("title", "panels")}

        made = browser_of(bob).post("/boards/", json.dumps(text), "application/json")

        assert Board.objects.get(slug=made.json()["slug"]).body == board.body

    def test_nobodys_work_is_overwritten_unseen(self, alice, browser_of):
        board, client = make_board(alice, SOCKETS), browser_of(alice)
        first = client.put(f"/boards/{board.slug}/", **as_json(body()), headers={"If-Match": '"1"'})
        second = client.put(
            f"/boards/{board.slug}/", **as_json(body()), headers={"If-Match": '"1"'}
        )
        assert (first.status_code, second.status_code) == (200, 409)

    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"title": ""}, "title"),
            ({"surprise": 1}, ""),
            ({"panels": [{"id": "p1"}]}, "panels.0"),
            ({"panels": "all"}, "panels"),
        ],
    )
    def test_what_is_no_board_is_refused_with_the_place(self, alice, browser_of, change, path):
        told = msgspec.to_builtins(body(SOCKETS)) | change

        answer = browser_of(alice).post("/boards/", **as_json(told))

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == path
        assert not Board.objects.exists()

    def test_a_query_that_is_wrong_is_named(self, alice, browser_of):
        told = msgspec.to_builtins(body(SOCKETS))
        told["panels"][0]["queries"][0]["fn"] = "eval"

        [error] = browser_of(alice).post("/boards/", **as_json(told)).json()["errors"]

        assert error == {"path": "panels.0.queries.0.fn", "text": "Invalid enum value 'eval'"}

    def test_there_is_an_end_to_panels_and_bytes(self, alice, browser_of):
        told = msgspec.to_builtins(body(SOCKETS))
        many = [{**told["panels"][0], "id": f"p{n}"} for n in range(MAX_PANELS + 1)]
        client = browser_of(alice)

        answer = client.post("/boards/", **as_json(told | {"panels": many}))
        assert answer.status_code == 422
        huge = client.post("/boards/", b" " * 300_000, "application/json")
        assert huge.status_code == 413

    def test_two_panels_of_one_name_are_refused(self, alice, browser_of):
        told = msgspec.to_builtins(body(SOCKETS))
        told["panels"] *= 2

        answer = browser_of(alice).post("/boards/", **as_json(told))

        assert "p1" in answer.json()["errors"][0]["text"]

    def test_there_is_an_end_to_boards(self, alice, browser_of, monkeypatch):
        monkeypatch.setattr(services, "MAX_BOARDS", 1)
        make_board(alice, SOCKETS)

        assert browser_of(alice).post("/boards/", **as_json(body())).status_code == 422

    def test_what_could_never_be_shown_is_not_made(self, alice, sam, browser_of, monkeypatch):
        for number in range(3):
            series("signalbox_sockets", worker=f"web@{number}")
        board = make_board(sam, SOCKETS)
        monkeypatch.setattr(budget, "MOST_VALUES", 2_500)
        wide = as_json(body(SOCKETS, SOCKETS))

        made = browser_of(sam).post("/boards/", **wide)
        changed = browser_of(sam).put(f"/boards/{board.slug}/", **wide)
        for answer in (made, changed):
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["path"] == "panels"
        # To her they mean nothing.
        assert browser_of(alice).post("/boards/", **wide).status_code == 201

    def test_nothing_is_made_by_another_sites_form(self, alice):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(alice)

        assert client.post("/boards/", **as_json(body())).status_code == 403


class TestOthersBoards:
    @pytest.fixture
    def board(self, alice, releases):
        made = make_board(alice, SOCKETS)
        return services.share_board(
            person=alice, slug=made.slug, everybody=False, rooms=[releases.pk]
        )

    def test_are_not_changed_by_who_may_see_them(self, board, bob, browser_of):
        client, address = browser_of(bob), f"/boards/{board.slug}"

        answers = [
            client.put(f"{address}/", **as_json(body())),
            client.delete(f"{address}/"),
            client.post(f"{address}/share", **as_json({"everybody": True})),
            client.get(f"{address}/share"),
        ]

        assert {answer.status_code for answer in answers} == {403}
        assert client.get(f"{address}/definition").json()["may_edit"] is False

    def test_are_not_there_for_strangers(self, board, mallory, browser_of):
        client, address = browser_of(mallory), f"/boards/{board.slug}"

        answers = [
            client.put(f"{address}/", **as_json(body())),
            client.delete(f"{address}/"),
            client.post(f"{address}/share", **as_json({})),
            client.post(f"{address}/star", **as_json({})),
            client.post(f"{address}/duplicate"),
        ]

        assert {answer.status_code for answer in answers} == {404}

    def test_are_copied(self, board, bob, browser_of):
        slug = browser_of(bob).post(f"/boards/{board.slug}/duplicate").json()["slug"]

        copy = Board.objects.get(slug=slug)
        assert (copy.title, copy.owner_id, copy.rooms.count()) == ("Mine (copy)", bob.pk, 0)

    def test_are_starred(self, board, bob, browser_of):
        client = browser_of(bob)
        client.post(f"/boards/{board.slug}/star", **as_json({"starred": True}))
        client.post(f"/boards/{board.slug}/star", **as_json({"starred": True}))
        assert client.get(f"/boards/{board.slug}/definition").json()["starred"] is True

        client.post(f"/boards/{board.slug}/star", **as_json({"starred": False}))
        assert not Star.objects.exists()

    def test_are_deleted_by_staff_and_that_is_written_down(self, board, sam, staff):
        assert staff.delete(f"/boards/{board.slug}/").status_code == 204

        assert not Board.objects.exists()
        assert LogEntry.objects.get().user_id == sam.pk


class TestSharing:
    def test_is_offered_with_ones_own_rooms(self, alice, mallory, releases, browser_of):
        from tests.cast import make_room

        lair = make_room(mallory, name="lair")
        board = make_board(alice, SOCKETS)

        told = browser_of(alice).get(f"/boards/{board.slug}/share").json()

        assert told["everybody"] is False
        assert {"id": releases.pk, "name": "releases", "shared": False} in told["rooms"]
        assert lair.pk not in [room["id"] for room in told["rooms"]]

    def test_with_a_room_of_others_is_refused(self, alice, mallory, browser_of):
        from tests.cast import make_room

        lair = make_room(mallory, name="lair")
        board = make_board(alice, SOCKETS)

        answer = browser_of(alice).post(
            f"/boards/{board.slug}/share", **as_json({"rooms": [lair.pk]})
        )

        assert answer.status_code == 422
        assert not board.rooms.exists()

    def test_ends(self, alice, bob, releases, browser_of):
        board = make_board(alice, SOCKETS)
        address = f"/boards/{board.slug}/share"
        browser_of(alice).post(address, **as_json({"rooms": [releases.pk]}))
        assert browser_of(bob).get(f"/boards/{board.slug}/data").status_code == 200

        browser_of(alice).post(address, **as_json({"rooms": []}))

        assert browser_of(bob).get(f"/boards/{board.slug}/data").status_code == 404


def test_series_are_found_by_words_of_name_and_labels(staff):
    series("signalbox_sockets", worker="web@0", transport="direct")
    series("signalbox_sockets", worker="web@1", transport="events")
    series("process_open_fds", worker="web@0")

    found = staff.get("/boards/series?search=SOCK web@1").json()["series"]

    assert [one["name"] for one in found] == ["signalbox_sockets"]
    whole = staff.get("/boards/series?search=sockets").json()["series"]
    assert whole[0]["labels"] == {"worker": ["web@0", "web@1"], "transport": ["direct", "events"]}
