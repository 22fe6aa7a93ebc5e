"""A plan in words that a board can act on: why it is what it is, what else there is, and how sure it is."""
