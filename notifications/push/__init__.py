"""Web push: what reaches a browser that has no page of ours open."""
