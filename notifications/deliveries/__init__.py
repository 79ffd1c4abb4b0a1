"""What leaves for the outside: by which channels, when, and what became of it."""
