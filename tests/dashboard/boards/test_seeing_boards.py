"""Who may see which board: what is not for somebody is not there."""

import pytest

from chat import services as chat
from dashboard.boards import bands, services
from dashboard.boards.access import standing_of
from dashboard.boards.annotations import annotate
from dashboard.boards.builtin import BUILT_IN
from dashboard.boards.sources import Source, provide
from dashboard.queries import Query
from tests.dashboard.boards.boards import data_in, make_board, measure, now, series

OWN = Query("signalbox_sockets", fn="sum")


def readers(slug: str, people: set[int]) -> set[int]:
    return standing_of(slug, people).readers


ADDRESSES = ["", "data", "definition", "panels/p1.csv", "panels/p1.json"]


@pytest.fixture
def board(alice):
    return make_board(alice, Query("temperature", source="*"))


def statuses(client, slug: str) -> set[int]:
    return {client.get(f"/boards/{slug}/{address}").status_code for address in ADDRESSES}


def test_staff_see_every_board(sam, board, browser_of):
    for slug in [*BUILT_IN, board.slug]:
        assert browser_of(sam).get(f"/boards/{slug}/").status_code == 200


def test_a_strangers_board_and_a_missing_one_look_the_same(board, mallory, browser_of):
    client = browser_of(mallory)

    for slug in (board.slug, "overview", "nothing-of-the-kind"):
        assert statuses(client, slug) == {404}
    answers = {client.get(f"/boards/{slug}/data").content for slug in (board.slug, "nothing")}
    assert len(answers) == 1


def test_who_is_signed_out_sees_nothing(board, client):
    assert client.get(f"/boards/{board.slug}/").status_code == 302
    assert client.get(f"/boards/{board.slug}/data").status_code == 401
    assert client.get("/boards/series").status_code == 401


def test_a_board_is_shown_to_the_room_that_it_is_shared_with(
    board, alice, bob, mallory, releases, browser_of
):
    services.share_board(person=alice, slug=board.slug, everybody=False, rooms=[releases.pk])

    assert statuses(browser_of(bob), board.slug) == {200}
    assert statuses(browser_of(mallory), board.slug) == {404}


def test_who_leaves_the_room_sees_the_board_no_more(board, alice, bob, releases, browser_of):
    services.share_board(person=alice, slug=board.slug, everybody=False, rooms=[releases.pk])
    assert readers(board.slug, {bob.pk}) == {bob.pk}

    chat.leave_room(person=bob.pk, room=releases.pk)

    assert statuses(browser_of(bob), board.slug) == {404}
    assert readers(board.slug, {alice.pk, bob.pk}) == {alice.pk}


def test_a_board_for_everybody_is_shown_to_everybody(board, alice, mallory, browser_of):
    services.share_board(person=alice, slug=board.slug, everybody=True, rooms=[])

    assert statuses(browser_of(mallory), board.slug) == {200}
    assert readers(board.slug, {mallory.pk}) == {mallory.pk}


def test_a_board_shows_what_its_owner_may_see(alice, sam, browser_of):
    measure(series("signalbox_sockets", worker="web@0"), 7, start=now() - 5)
    hers, staffs = make_board(alice, OWN), make_board(sam, OWN)

    for board, shown in ((hers, []), (staffs, [7])):
        lanes = browser_of(sam).get(f"/boards/{board.slug}/data").json()["panels"]["p1"]["lanes"]
        assert [max(v for v in lane["values"] if v is not None) for lane in lanes] == shown


class TestBesideTheNumbers:
    """Staff share a board with the room, and its readers are told what concerns it."""

    @pytest.fixture(autouse=True)
    def measured(self, releases, monkeypatch):
        provide(lambda: [Source(1, "farm", "Farm"), Source(2, "vault", "Vault")])
        self.asked: list[int] = []

        def hear(start, end, reader):
            self.asked.append(reader.pk)
            return []

        monkeypatch.setattr(bands, "_provider", hear)
        start = now() - 10
        for worker in ("web@0", "web@1"):
            measure(series("process_cpu_seconds_total", worker=worker), 1, start=start)
        measure(series("signalbox_sockets", worker="web@0"), 7, start=start)
        measure(series("temperature", 1), 20, start=start)
        measure(series("gold", 2), 5, start=start)
        annotate("Version 7", kind="deploy")
        annotate("Harvest", source=1)
        annotate("Burglary", source=2)

    @pytest.fixture
    def beside(self, sam, releases, browser_of):
        """A function that tells what stands beside the numbers of a board of some queries."""

        def told(person, *queries: Query) -> tuple[list[str], list[str]]:
            board = make_board(sam, *queries)
            services.share_board(person=sam, slug=board.slug, everybody=False, rooms=[releases.pk])
            data = browser_of(person).get(f"/boards/{board.slug}/data").json()
            return data["workers"], [note["title"] for note in data["annotations"]]

        return told

    def test_staff_are_told_everything(self, sam, beside):
        everything = (["web@0", "web@1"], ["Version 7", "Harvest", "Burglary"])
        assert beside(sam, OWN) == everything
        assert beside(sam, Query("gold", source="vault")) == everything

    def test_others_are_told_what_concerns_the_series_that_are_shown(self, bob, beside):
        assert beside(bob, OWN) == (["web@0"], ["Version 7"])
        assert beside(bob, Query("temperature", source="farm")) == ([], ["Harvest"])
        assert beside(bob, OWN, Query("*", source="*")) == (
            ["web@0"],
            ["Version 7", "Harvest", "Burglary"],
        )
        assert beside(bob, Query("nothing")) == ([], [])

    def test_alerts_are_those_that_the_reader_may_see(self, bob, beside):
        beside(bob, OWN)

        assert self.asked == [bob.pk]


class TestWhatIsSentIn:
    @pytest.fixture(autouse=True)
    def sources(self, releases):
        provide(
            lambda: [
                Source(1, "farm", "Farm", rooms=frozenset({releases.pk})),
                Source(2, "vault", "Vault"),
            ]
        )
        self.barn = series("temperature", 1, room="barn")
        self.silo = series("temperature", 1, room="silo")
        measure(self.barn, 20, 21, start=now() - 10)
        measure(self.silo, 30, 31, start=now() - 10)
        measure(series("gold", 2), 5, start=now() - 10)

    def test_has_a_board_by_itself(self, bob, browser_of):
        page = browser_of(bob).get("/boards/source-farm/")

        first = page.context["boards"][0]
        assert (first["slug"], first["title"]) == ("source-farm", "Farm")
        [panel] = page.context["board"]["panels"]
        assert panel["title"] == "temperature"
        lanes = data_in(page)["panels"]["p1"]["lanes"]
        assert [lane["label"] for lane in lanes] == ["barn", "silo"]

    def test_has_a_board_for_each_value_of_a_label(self, bob, browser_of):
        client = browser_of(bob)
        [_whole, barn, silo] = client.get("/boards/source-farm/").context["boards"]
        assert (barn["title"], silo["title"]) == ("Farm: barn", "Farm: silo")

        lanes = client.get(f"/boards/{silo['slug']}/data").json()["panels"]["p1"]["lanes"]
        assert [lane["labels"] for lane in lanes] == [{"room": "silo", "source": "farm"}]

    def test_is_shown_where_the_token_says(self, bob, mallory, sam, browser_of):
        assert statuses(browser_of(mallory), "source-farm") == {404}
        assert statuses(browser_of(bob), "source-vault") == {404}
        assert statuses(browser_of(sam), "source-vault") == {200}
        assert readers("source-farm", {bob.pk, mallory.pk, sam.pk}) == {bob.pk, sam.pk}

    def test_is_found_only_by_who_may_see_it(self, bob, mallory, sam, browser_of):
        def found(person):
            answer = browser_of(person).get("/boards/series?search=")
            return [(one["source"], one["name"]) for one in answer.json()["series"]]

        assert found(mallory) == []
        assert found(bob) == [("farm", "temperature")]
        assert found(sam) == [("vault", "gold"), ("farm", "temperature")]

    def test_is_shown_on_own_boards_as_far_as_their_owner_may_see_it(self, alice, mallory, sam):
        from dashboard.boards.access import definition_of
        from dashboard.boards.data import each_measured
        from dashboard.boards.spans import span

        window = span("-1m", "now", "1", now())
        wanted = Query("*", source="*")
        for owner, names in (
            (alice, {"temperature"}),
            (mallory, set()),
            (sam, {"temperature", "gold"}),
        ):
            shown = definition_of(make_board(owner, wanted).slug)
            assert shown is not None
            seen = {one.name for _, points in each_measured(shown, window) for one in points or ()}
            assert seen == names

    def test_is_never_taken_for_our_own(self, sam, browser_of):
        measure(series("signalbox_sockets", 1, worker="evil"), 999, start=now() - 10)
        measure(series("signalbox_sockets", worker="web@0"), 3, start=now() - 10)

        lanes = browser_of(sam).get("/boards/overview/data").json()["panels"]["p1"]["lanes"]

        assert [max(v for v in lane["values"] if v is not None) for lane in lanes] == [3]
