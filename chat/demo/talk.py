"""Makes up what was said in a room: conversations, in their order, with their authors and times."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from chat.demo.phrases import LANGUAGES, MIXTURE
from chat.demo.specials import LINES, SPECIALS
from chat.services import Imported

MORNING, EVENING = 6, 20
"""Hours of UTC between which somebody is awake."""


class Talk:
    """One room's talk. The same randomness gives the same."""

    def __init__(self, random: Random, language: str, people: Sequence[int]) -> None:
        self._random = random
        self._language = language
        self._people = people

    def until(self, now: datetime, *, count: int, days: float) -> list[Imported]:
        """Make up so many messages, of about so many days, the last one shortly before `now`."""
        lengths = list(self._lengths(count))
        times = self._times(now, lengths, timedelta(days=days) / max(1, len(lengths)))
        said = (message for length in lengths for message in self._conversation(length))
        return [
            self._message(author, text, when)
            for (author, text), when in zip(said, times, strict=True)
        ]

    def _lengths(self, count: int) -> Iterator[int]:
        while count:
            length = min(count, self._random.choice((1, 2, 3, 4, 5, 6, 8, 11)))
            yield length
            count -= length

    def _times(self, now: datetime, lengths: Sequence[int], pause: timedelta) -> list[datetime]:
        # Backwards from now, so that no room ends in the future or long ago.
        when = now - timedelta(seconds=self._random.uniform(30, 3000))
        times: list[datetime] = []
        for length in reversed(lengths):
            for _ in range(length):
                times.append(when)
                when -= timedelta(seconds=1 + self._random.expovariate(1 / 60))
            when = _awake(when - pause * self._random.expovariate(1))
        return times[::-1]

    def _conversation(self, length: int) -> Iterator[tuple[int, str]]:
        random = self._random
        language = LANGUAGES[
            random.choice(MIXTURE) if self._language == "mixed" else self._language
        ]
        circle = random.sample(self._people, min(len(self._people), random.choice((2, 2, 3, 4))))
        author = circle[0]
        for place in range(length):
            if self._language != "bot" and random.random() < 0.05:
                yield author, random.choice(SPECIALS)
            elif place and random.random() < 0.25:
                yield author, random.choice(language.words)
            else:
                yield (
                    author,
                    self._filled(random.choice(language.answers if place else language.openers)),
                )
            if random.random() < 0.65:
                author = random.choice(circle)

    def _filled(self, phrase: str) -> str:
        random = self._random
        return phrase.format(
            n=random.randint(2, 48),
            time=f"{random.randint(8, 18)}:{random.choice(('00', '15', '30', '45'))}",
            version=f"{random.randint(2, 4)}.{random.randint(0, 12)}.{random.randint(0, 6)}",
            ticket=f"#{random.randint(100, 999)}",
            file=random.choice(LINES["file"]),
            place=random.choice(LINES["place"]),
        )

    def _message(self, author: int, text: str, when: datetime) -> Imported:
        fate = self._random.random()
        later = when + timedelta(seconds=self._random.uniform(10, 25))
        return Imported(
            author=author,
            created=when,
            text=text,
            edited=later if fate < 0.03 else None,
            deleted=later if fate > 0.99 else None,
            client_id=UUID(int=self._random.getrandbits(128), version=4),
        )


def _awake(when: datetime) -> datetime:
    """Put what would be said at night into the evening before."""
    if when.hour < MORNING:
        return (when - timedelta(days=1)).replace(hour=EVENING - 1)
    return when if when.hour < EVENING else when.replace(hour=EVENING - 1)
