"""Why somebody was told of something, or was not: kept for a while, and said in words."""
