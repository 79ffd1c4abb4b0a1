"""Numbers that are made up, to look at and to measure."""
