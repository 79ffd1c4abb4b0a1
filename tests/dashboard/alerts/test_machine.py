"""An alert, reading by reading: it is told the time and never asks for it."""

from dataclasses import replace

import pytest

from dashboard.alerts.machine import (
    FORGOTTEN_SECONDS,
    MAX_STEP_SECONDS,
    RESOLVED_SECONDS,
    Happened,
    Memory,
    Reading,
    State,
    Terms,
    Verdict,
    acknowledge,
    end,
    step,
)

OVER, BETWEEN, CLEAR, UNKNOWN = Verdict.OVER, Verdict.BETWEEN, Verdict.CLEAR, Verdict.UNKNOWN
ALICE, BOB = 1, 2


class Story:
    """An alert that is read every ten seconds."""

    def __init__(self, terms: Terms = Terms(), at: float = 1_790_000_000.0) -> None:  # noqa: B008 (frozen)
        self.terms, self.at = terms, at
        self.memory = Memory()
        self.told: list[Happened] = []

    def reads(
        self,
        verdict: Verdict,
        seconds: float = 10.0,
        *,
        every: float = 10.0,
        silenced: bool = False,
    ) -> "Story":
        for _ in range(round(seconds / every)):
            self.at += every
            self.read(Reading(self.at, verdict, 1.0, silenced))
        return self

    def read(self, reading: Reading) -> None:
        outcome = step(self.memory, self.terms, reading)
        self.memory = outcome.memory
        self._tell(outcome.happened)

    def acknowledges(self, person: int) -> None:
        outcome = acknowledge(self.memory, person=person)
        self.memory = outcome.memory
        self._tell(outcome.happened)

    def state(self) -> State:
        return self.memory.state

    def _tell(self, happened: Happened | None) -> None:
        if happened is not None:
            self.told.append(happened)


def test_it_fires_at_once_where_it_need_not_last() -> None:
    story = Story().reads(CLEAR, 60).reads(OVER)

    assert story.state() is State.FIRING
    assert story.told == [Happened.FIRING]


def test_it_is_pending_until_it_has_lasted() -> None:
    story = Story(Terms(after=60)).reads(CLEAR).reads(OVER, 60)
    assert story.state() is State.PENDING

    story.reads(OVER)
    assert story.state() is State.FIRING
    assert story.memory.since == story.at


def test_what_was_over_too_shortly_is_told_to_nobody() -> None:
    story = Story(Terms(after=60)).reads(OVER, 50).reads(CLEAR).reads(OVER, 50).reads(CLEAR)

    assert (story.memory.state, story.told) == (State.OK, [])


def test_between_the_thresholds_all_stays_as_it_is() -> None:
    assert Story().reads(BETWEEN, 600).memory.state is State.OK
    assert Story().reads(OVER).reads(BETWEEN, 600).memory.state is State.FIRING
    # What has not turned back on its way to an alarm arrives once it is beyond the threshold.
    pending = Story(Terms(after=30)).reads(OVER).reads(BETWEEN, 60)
    assert pending.state() is State.PENDING
    assert pending.reads(OVER).memory.state is State.FIRING


def test_it_keeps_firing_for_a_while_after_it_is_clear() -> None:
    story = Story(Terms(keep=60)).reads(OVER).reads(CLEAR, 60)
    assert story.state() is State.FIRING

    story.reads(CLEAR)
    assert story.told == [Happened.FIRING, Happened.RESOLVED]


def test_going_over_again_meanwhile_begins_that_while_afresh() -> None:
    story = Story(Terms(keep=60)).reads(OVER).reads(CLEAR, 50).reads(OVER).reads(CLEAR, 60)

    assert story.told == [Happened.FIRING]


def test_that_it_was_resolved_is_known_for_an_hour() -> None:
    story = Story().reads(OVER).reads(CLEAR)
    assert story.state() is State.RESOLVED

    story.reads(CLEAR, RESOLVED_SECONDS)
    assert story.state() is State.OK


def test_who_has_acknowledged_it_is_not_reminded() -> None:
    story = Story(Terms(repeat=300)).reads(OVER).reads(OVER, 300)
    assert story.told == [Happened.FIRING, Happened.REPEATED]

    story.acknowledges(ALICE)
    story.acknowledges(BOB)
    story.reads(OVER, 900)
    assert story.memory.acknowledged_by == ALICE
    assert story.told[2:] == [Happened.ACKNOWLEDGED]


def test_what_is_not_on_cannot_be_acknowledged() -> None:
    story = Story(Terms(after=60)).reads(OVER)
    story.acknowledges(ALICE)

    assert (story.memory.state, story.told) == (State.PENDING, [])


def test_a_silence_that_ends_too_early_lets_it_speak() -> None:
    story = Story().reads(OVER, 60, silenced=True)
    assert (story.memory.state, story.told) == (State.SILENCED, [Happened.SILENCED])

    story.reads(OVER)
    assert (story.memory.state, story.told[1:]) == (State.FIRING, [Happened.UNSILENCED])


def test_a_silence_keeps_who_has_acknowledged_it() -> None:
    story = Story().reads(OVER)
    story.acknowledges(ALICE)
    story.reads(OVER, silenced=True)
    assert story.state() is State.SILENCED

    story.reads(OVER)
    assert story.state() is State.ACKNOWLEDGED


def test_where_nothing_is_measured_all_stays_as_it_is() -> None:
    assert Story(Terms(after=60)).reads(OVER).reads(UNKNOWN, 600).memory.state is State.PENDING
    firing = Story(Terms(keep=60)).reads(OVER).reads(CLEAR).reads(UNKNOWN, 600)
    assert firing.state() is State.FIRING
    assert firing.memory.value == 1.0


def test_what_is_not_measured_any_more_is_over_some_day() -> None:
    story = Story(Terms(keep=60)).reads(OVER).reads(UNKNOWN, FORGOTTEN_SECONDS + 50)
    assert story.state() is State.FIRING

    story.reads(UNKNOWN)
    assert story.told == [Happened.FIRING, Happened.RESOLVED]


@pytest.mark.parametrize("jump", [3_600, -3_600, 400 * 86_400])
def test_a_clock_that_is_stepped_makes_no_alarm(jump: float) -> None:
    story = Story(Terms(after=300)).reads(OVER, 60)
    story.at += jump
    story.reads(OVER, 60)

    assert story.told == []
    assert story.memory.since <= story.at


@pytest.mark.parametrize("jump", [3_600, -3_600])
def test_a_clock_that_is_stepped_resolves_nothing(jump: float) -> None:
    story = Story(Terms(keep=300)).reads(OVER).reads(CLEAR, 60)
    story.at += jump
    story.reads(CLEAR, 60)
    assert story.told == [Happened.FIRING]

    story.reads(CLEAR, 240)
    assert story.told == [Happened.FIRING, Happened.RESOLVED]


def test_an_hour_in_which_nobody_looked_counts_as_a_moment() -> None:
    story = Story(Terms(after=MAX_STEP_SECONDS + 20)).reads(OVER)
    story.reads(OVER, 3_600, every=3_600)
    assert story.state() is State.PENDING

    story.reads(OVER, 20)
    assert story.state() is State.FIRING


def test_a_rule_that_is_ended_resolves_what_it_had_said() -> None:
    firing = Story().reads(OVER)
    assert end(firing.memory, firing.at).happened is Happened.RESOLVED

    pending = Story(Terms(after=60)).reads(OVER)
    outcome = end(pending.memory, pending.at)
    assert (outcome.memory.state, outcome.happened) == (State.OK, None)


def test_a_reading_that_is_read_twice_changes_nothing() -> None:
    story = Story(Terms(after=60, keep=60)).reads(OVER, 40)
    before = story.memory
    story.read(Reading(story.at, OVER, 1.0))

    assert story.memory == replace(before, at=story.at)
