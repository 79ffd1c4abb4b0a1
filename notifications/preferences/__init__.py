"""What people wish to be told of, where, and when not."""
