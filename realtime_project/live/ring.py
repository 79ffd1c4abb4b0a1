"""The recent rows of one stream, kept so that who was away for a moment costs no query."""

from collections.abc import Iterable

from realtime_project.live.changes import Row

MAX_ROWS = 500
MAX_BYTES = 256 * 1024
MAX_AGE_SECONDS = 600.0


class Ring:
    """The newest version of each row changed after `since`, bounded by count, bytes and age.

    A row that changes again replaces its older version, so that no replay ever shows what an
    edit or a deletion has removed. Times are seconds of any clock that never goes back.
    """

    def __init__(self, since: int) -> None:
        self.since = since
        self.bytes = 0
        self._rows: dict[str, tuple[Row, float]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, rows: Iterable[Row], now: float) -> None:
        """Keep rows, sorted by rev and newer than all that are held."""
        for row in rows:
            self._forget(row.id)
            self._rows[row.id] = (row, now)
            self.bytes += len(row.data)
        while len(self._rows) > MAX_ROWS or self.bytes > MAX_BYTES:
            self._evict_oldest()

    def after(self, cursor: int) -> list[Row] | None:
        """Return the rows changed after `cursor` by rev, or None where the ring does not reach."""
        if cursor < self.since:
            return None
        rows: list[Row] = []
        for row, _ in reversed(self._rows.values()):
            if row.rev <= cursor:
                break
            rows.append(row)
        rows.reverse()
        return rows

    def has_newer(self, row: Row) -> bool:
        """Return whether a row is known to have changed since."""
        held = self._rows.get(row.id)
        return held is not None and held[0].rev > row.rev

    def expire(self, now: float) -> None:
        """Let go of rows that have been here longer than ten minutes."""
        while self._rows and now - self._oldest()[1] > MAX_AGE_SECONDS:
            self._evict_oldest()

    def clear(self, since: int) -> None:
        """Forget everything and begin again after `since`."""
        self.since = since
        self.bytes = 0
        self._rows.clear()

    def _oldest(self) -> tuple[Row, float]:
        return next(iter(self._rows.values()))

    def _evict_oldest(self) -> None:
        row, _ = self._oldest()
        self._forget(row.id)
        self.since = max(self.since, row.rev)

    def _forget(self, row_id: str) -> None:
        held = self._rows.pop(row_id, None)
        if held:
            self.bytes -= len(held[0].data)
