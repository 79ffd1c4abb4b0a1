"""What a process measures of itself."""
