"""A made-up team, for looking around: who is in it, which rooms it has, and what it says there."""
