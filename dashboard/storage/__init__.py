"""How what was measured is kept: reports, a window of them in memory, and tiers."""
