"""Measurements of speed, run by hand: `python -m warwire.evaluate.benchmarks.NAME`."""
