"""Readers of input files: one for each kind, all giving the same stream.

    file ─► bytes, decompressed ─► text ─► records ─► articles and rejections, then damages

`reading` has the one function the others serve, `read_file`. A record is a line, a row, a WARC record or a whole file.
"""
