"""Token buckets: how often something may happen."""

from collections import OrderedDict
from dataclasses import dataclass


class TokenBucket:
    """Lets `burst` happen at once and `rate` a second in the long run.

    `now` is in seconds, of any clock that never goes back; the bucket owns none.
    """

    __slots__ = ("_at", "_tokens", "burst", "rate")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate = rate
        self.burst = burst
        self._tokens = burst
        self._at = now

    def take(self, now: float) -> float:
        """Take one token and return 0, or return after how many seconds there will be one."""
        wait = self.wait(now)
        self._tokens = self._held(now) - (0 if wait else 1)
        self._at = now
        return wait

    def spend(self, amount: float, now: float) -> float:
        """Take many tokens and return 0, or return after how many seconds they may be taken.
        More than a full bucket holds is lent, and waited for afterwards."""
        held = self._held(now)
        missing = min(amount, self.burst) - held
        if missing > 0:
            return missing / self.rate
        self._tokens, self._at = held - amount, now
        return 0.0

    def wait(self, now: float) -> float:
        """Return after how many seconds there will be a token; 0 when there is one."""
        held = self._held(now)
        return 0.0 if held >= 1 else (1 - held) / self.rate

    def is_full(self, now: float) -> bool:
        """Return whether nothing was taken lately, so that a new bucket would do as well."""
        return self._held(now) >= self.burst

    def _held(self, now: float) -> float:
        return min(self.burst, self._tokens + (now - self._at) * self.rate)


@dataclass(frozen=True)
class Limit:
    """A named allowance: `rate` a second, `burst` at once."""

    rate: float
    burst: float


class Buckets:
    """One bucket for each key (a person, an address), forgotten when it is full again."""

    MAX_KEYS = 50_000

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._buckets: OrderedDict[object, TokenBucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: object, now: float) -> float:
        """Take one token of `key`; returns what `TokenBucket.take` returns."""
        return self._of(key, now).take(now)

    def spend(self, key: object, amount: float, now: float) -> float:
        """Take many tokens of `key`; returns what `TokenBucket.spend` returns."""
        return self._of(key, now).spend(amount, now)

    def wait(self, key: object, now: float) -> float:
        """Return after how many seconds `key` has a token, without taking it."""
        bucket = self._buckets.get(key)
        return bucket.wait(now) if bucket else 0.0

    def _of(self, key: object, now: float) -> TokenBucket:
        self._forget_full(now)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self._limit.rate, self._limit.burst, now)
        self._buckets.move_to_end(key)
        return bucket

    def _forget_full(self, now: float) -> None:
        # A few of the longest unused each time: the work stays constant, and the table is
        # bounded even when somebody knocks from ever new addresses.
        for _ in range(2):
            if not self._buckets:
                return
            key, bucket = next(iter(self._buckets.items()))
            if not bucket.is_full(now) and len(self._buckets) <= self.MAX_KEYS:
                return
            del self._buckets[key]
