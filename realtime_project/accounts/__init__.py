"""People: who they are, how they sign in, and how the first of them gets in."""
