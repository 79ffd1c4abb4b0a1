"""Live boards for this installation and for the numbers sent to it."""
