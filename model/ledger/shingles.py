"""How much text two reports share, from small samples of their shingles.

A shingle is a run of four words, case and punctuation left out. Of the shingles' hashes the smallest are kept (a
bottom-k sketch), so that a sample of one text and a sample of another can be compared: among the smallest hashes of
both together, those that both have are an unbiased sample of what they share.
"""

import re
from array import array
from functools import lru_cache
from typing import Final
from zlib import crc32

WORDS: Final = 4
"""Words in a shingle."""

KEPT: Final = 48
"""Hashes in a sketch; most reports have fewer shingles, and are then compared exactly."""

_WORD: Final = re.compile(r"\w+")


def sketch_of(text: str) -> bytes:
    """The smallest hashes of a text's shingles, in order, four bytes each; empty for a text below four words."""
    words = _WORD.findall(text.casefold())
    hashes = {
        crc32(" ".join(words[i : i + WORDS]).encode("utf-8", "surrogatepass")) for i in range(len(words) - WORDS + 1)
    }
    return array("I", sorted(hashes)[:KEPT]).tobytes()


def hashes_of(sketch: bytes) -> "array[int]":
    """The hashes of a sketch, smallest first."""
    return array("I", sketch)


def resemblance(left: bytes, right: bytes) -> float:
    """The share of shingles in common, 0 to 1: the Jaccard index, estimated where a text has more than are kept."""
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    ours, theirs = _set(left), _set(right)
    common = ours & theirs
    either = len(ours) + len(theirs) - len(common)
    if not common or (len(ours) < KEPT and len(theirs) < KEPT):
        return len(common) / either
    smallest = sorted(ours | theirs)[:KEPT]
    return sum(value in common for value in smallest) / len(smallest)


@lru_cache(maxsize=1 << 15)
def _set(sketch: bytes) -> frozenset[int]:
    return frozenset(array("I", sketch))
