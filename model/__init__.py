"""Article in, event tuples out."""
