"""What others send: numbers, heartbeats of their jobs, notes and lines of their logs."""
