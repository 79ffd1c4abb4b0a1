"""The pages of people: their profile, their sessions, who they invite, and how they get in."""
