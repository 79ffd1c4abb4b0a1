"""Who is connected, socket by socket, for those who run the place."""
