"""Rooms, their members, and what is said in them."""
