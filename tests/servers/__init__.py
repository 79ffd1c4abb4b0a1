"""Real servers for tests: each is a context manager that starts one and surely ends it."""
