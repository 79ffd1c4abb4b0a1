"""A page that shows a board by the rules of the protocol, and what should stand on it."""

import json
import time
from typing import Any

from tests.asking import get
from tests.servers.installation import Installation
from tests.wire import Client

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
        self._lanes: list[str] = []

    def load(self, worker: Installation) -> None:
        """Load what is stored, as the page does when it opens or is told to."""
        data = stored(worker, self._session, self._slug)
        self.rev, self._lanes = data["rev"], []
        self.shown = values_of(data, self._panel)

    def go_on(self, client: Client) -> None:
        """Subscribe from where the page stands."""
        answer = client.subscribe(self.topic, self.rev)["ok"][self.topic]
        assert "error" not in answer, answer
        lanes = answer.get("lanes", {}).get("panels", {})
        self._lanes = [lane["label"] for lane in lanes.get(self._panel, ())]

    def follow(self, client: Client, worker: Installation, until: int) -> None:
        """Take in what comes until a second is shown."""
        deadline = time.monotonic() + 60
        while max((s for lane in self.shown.values() for s in lane), default=0) < until:
            assert time.monotonic() < deadline, f"{until} is never shown"
            self._apply(self.hear(client), worker)

    def hear(self, client: Client) -> dict[str, Any]:
        """Return the next frame of the board. A ping is answered meanwhile."""
        while True:
            frame = client.hear(lambda frame: not frame or frame.get("topic") == self.topic)
            if frame:
                return frame
            client.connection.send("{}")

    def is_right(self, worker: Installation, start: int) -> None:
        """Compare with what is stored, as far as that is known whole."""
        end = max(s for lane in self.shown.values() for s in lane) - UNFINISHED_SECONDS
        assert end > start
        data = stored(worker, self._session, self._slug, f"?from={start}&to={end}&step=1")
        for lane, values in values_of(data, self._panel).items():
            ours = self.shown.get(lane, {})
            wrong = {s: (ours.get(s), v) for s, v in values.items() if ours.get(s) != v}
            assert not wrong, f"{lane}: {wrong}"

    def _apply(self, frame: dict[str, Any], worker: Installation) -> None:
        if frame.get("reset"):
            self.resets += 1
            self.load(worker)
        elif "rows" in frame and frame["from"] <= self.rev < frame["rev"]:
            for row in frame["rows"]:
                self._take(row)
            self.rev = frame["rev"]

    def _take(self, row: dict[str, Any]) -> None:
        if row["kind"] == "lanes":
            self._lanes = [lane["label"] for lane in row["panels"].get(self._panel, ())]
        elif self._panel in row["panels"]:
            for lane, value in zip(self._lanes, row["panels"][self._panel], strict=False):
                self.shown.setdefault(lane, {})[row["id"]] = value


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
