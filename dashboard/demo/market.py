"""Prices of things that nobody trades, as a market tells them: many a second, each with its time.
Pure, and the same for the same seed."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

SYMBOLS = 50
NAMES = ("ACRE", "BOLT", "CALM", "DUSK", "EMBR", "FERN", "GALE", "HIVE", "IRIS", "JADE")


class Tick(NamedTuple):
    """One price, at a time in nanoseconds."""

    symbol: str
    price: float
    at: int

    @property
    def line(self) -> str:
        return f"price,symbol={self.symbol} value={self.price} {self.at}"


class Market:
    """Prices that wander."""

    def __init__(self, seed: int = 1, symbols: int = SYMBOLS) -> None:
        self._random = Random(seed)  # noqa: S311 (prices, not secrets)
        self._prices = {
            f"{NAMES[number % len(NAMES)]}{number // len(NAMES) or ''}": self._random.uniform(
                5, 500
            )
            for number in range(symbols)
        }
        self._symbols = list(self._prices)

    def ticks(self, start: int, count: int, per_second: int) -> Iterator[Tick]:
        """Yield so many ticks from a time in nanoseconds on, evenly spaced."""
        for number in range(count):
            symbol = self._random.choice(self._symbols)
            moved = self._prices[symbol] * (1 + self._random.gauss(0, 0.0004))
            self._prices[symbol] = max(0.01, moved)
            at = start + number * 1_000_000_000 // per_second
            yield Tick(symbol, round(self._prices[symbol], 2), at)
