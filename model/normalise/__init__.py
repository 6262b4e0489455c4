"""Surfaces to values: numbers, dates, and (as they come) weapons, places, parties and speakers."""
