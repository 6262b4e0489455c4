"""Batch inference over archives.

inputs ─► files ─► articles and rejections ─► shards ─► worker processes ─► records, rows, attacks ─► manifest
"""
