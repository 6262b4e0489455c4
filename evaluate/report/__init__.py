"""Evaluation reports: the figures as JSON (schema.md), and the page made of them."""
