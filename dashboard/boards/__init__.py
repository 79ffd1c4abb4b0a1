"""Boards: panels on a grid, who may see them, and what they show, over HTTP and live."""
