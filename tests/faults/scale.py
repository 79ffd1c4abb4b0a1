"""How large a fault is: the short form is for every run, the long one for `make faults`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """What one form of every scenario has in common. Durations are in seconds."""

    people: int
    posts_per_second: float
    load: float
    """For how long people write while things are cut or killed again and again."""
    outage: float
    """For how long a broker is away."""
    database_outage: float
    herd: int
    """How many sockets come back at once."""
    audience: int
    """How many streams of Server-Sent Events one worker holds."""
    notifications: int
    """How many one person gets while everything is cut, and processes are killed."""
    kill_every: float
    patience: float
    """After how long what has not arrived counts as lost."""
    haste: float
    """By how much clients come back sooner than pages do."""


SHORT = Scale(
    people=8,
    posts_per_second=24,
    load=5,
    outage=4,
    database_outage=3,
    herd=300,
    audience=200,
    notifications=400,
    kill_every=1.5,
    patience=90,
    haste=5,
)
LONG = Scale(
    people=30,
    posts_per_second=100,
    load=40,
    outage=10,
    database_outage=5,
    herd=5000,
    audience=2000,
    notifications=10_000,
    kill_every=10,
    patience=120,
    haste=2,
)
