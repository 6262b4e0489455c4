"""The table of the world's place names, how it is built and how it is read."""
