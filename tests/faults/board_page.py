"""A page that shows a board by the rules of the protocol, and what should stand on it."""

import json
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tests.asking import get
from tests.servers.installation import Installation
from tests.wire import Client

T = TypeVar("T")
Shown = dict[str, dict[int, float | None]]
UNFINISHED_SECONDS = 4
"""The newest seconds are not known whole yet."""


class BoardPage:
    """What one panel shows, by lane and second, whichever worker tells it."""

    def __init__(self, session: str, slug: str, panel: str = "p1") -> None:
        self.topic = f"board:{slug}"
        self.resets = 0
        self.rev = -1
        self.shown: Shown = {}
        self._session = session
        self._slug = slug
        self._panel = panel
        self._order = ""
        self._lanes: list[str] = []
        self._heard: deque[dict[str, Any]] = deque(maxlen=5)

    def load(self, worker: Installation) -> None:
        """Load what is stored, as the page does when it opens or is told to."""
        data = stored(worker, self._session, self._slug)
        # What stands here is in the order of this answer, which is none of the topic's.
        self.rev, self._order, self._lanes = data["rev"], "", []
        self.shown = values_of(data, self._panel)

    def go_on(self, client: Client) -> None:
        """Subscribe from where the page stands."""
        answer = client.subscribe(self.topic, self.rev)["ok"][self.topic]
        assert "error" not in answer, answer
        if "lanes" in answer:
            self._learn(answer["lanes"])

    def follow(self, client: Client, worker: Installation, until: int) -> None:
        """Take in what comes until a second is shown."""
        deadline = time.monotonic() + 60
        while self.newest < until:
            assert time.monotonic() < deadline, self._story(until)
            self._take_in(client, worker)

    def meanwhile(self, client: Client, worker: Installation, work: Callable[[], T]) -> T:
        """Take in what comes while something is done that may take long: who does not answer
        pings is parted with."""
        with ThreadPoolExecutor(1) as thread:
            doing = thread.submit(work)
            while not doing.done():
                self._take_in(client, worker)
            return doing.result()

    @property
    def newest(self) -> int:
        """The last second of which something is shown."""
        return max((s for lane in self.shown.values() for s in lane), default=0)

    def hear(self, client: Client) -> dict[str, Any]:
        """Return the next frame of the board. A ping is answered meanwhile."""
        while True:
            frame = client.hear(lambda frame: not frame or frame.get("topic") == self.topic)
            if frame:
                self._heard.append(frame)
                return frame
            client.connection.send("{}")

    def is_right(self, worker: Installation, start: int) -> None:
        """Compare with what is stored, as far as that is known whole."""
        end = self.newest - UNFINISHED_SECONDS
        assert end > start
        data = stored(worker, self._session, self._slug, f"?from={start}&to={end}&step=1")
        for lane, values in values_of(data, self._panel).items():
            ours = self.shown.get(lane, {})
            wrong = {s: (ours.get(s), v) for s, v in values.items() if ours.get(s) != v}
            assert not wrong, f"{lane}: {wrong}"

    def _take_in(self, client: Client, worker: Installation) -> None:
        if not self._apply(self.hear(client), worker):
            self.go_on(client)

    def _apply(self, frame: dict[str, Any], worker: Installation) -> bool:
        """Take in a frame; returns whether that was possible. Who is not told what lies before
        it, or by which lanes its values are told, subscribes anew."""
        if frame.get("reset"):
            self.resets += 1
            self.load(worker)
        elif "rows" in frame and frame["rev"] > self.rev:
            if frame["from"] > self.rev or not all(map(self._take, frame["rows"])):
                return False
            self.rev = frame["rev"]
        return True

    def _take(self, row: dict[str, Any]) -> bool:
        if row["kind"] == "lanes":
            self._learn(row)
            return True
        values = row["panels"].get(self._panel, ())
        if row["order"] != self._order or len(values) > len(self._lanes):
            return False
        for lane, value in zip(self._lanes, values, strict=False):
            self.shown.setdefault(lane, {})[row["id"]] = value
        return True

    def _learn(self, told: dict[str, Any]) -> None:
        self._order = told["order"]
        self._lanes = [lane["label"] for lane in told["panels"].get(self._panel, ())]

    def _story(self, until: int) -> str:
        return (
            f"{until} is never shown: the newest is {self.newest}, at rev {self.rev} after "
            f"{self.resets} resets, in the order {self._order!r} of {self._lanes}. "
            f"Heard last: {list(self._heard)}"
        )


def stored(worker: Installation, session: str, slug: str, query: str = "") -> Any:
    answer = get(worker.port, f"/boards/{slug}/data{query}", cookie=f"sessionid={session}")
    assert answer.status == 200, answer.text
    return json.loads(answer.body)


def values_of(data: Any, panel: str) -> Shown:
    return {
        lane["label"]: {
            second: value
            for second, value in zip(data["seconds"], lane["values"], strict=True)
            if value is not None
        }
        for lane in data["panels"][panel]["lanes"]
    }
