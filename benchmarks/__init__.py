"""`make bench`: what this project costs and how fast it is, beside its peers."""
