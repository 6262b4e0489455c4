"""Bootstrap intervals over documents.

Documents are drawn with replacement, never spans or events: those of one article stand and fall together, and an
interval that took them for independent would be too narrow. Counts add, so that a sample is a sum of rows.

The interval is the percentile one. Where fewer than `MIN_DOCUMENTS` documents have anything to count it says nothing,
and is left out; a score that is the same in every document has an interval without width, however few they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from warwire.evaluate.counts import Counts
from warwire.evaluate.document_counts import Floats, f1, matrix

MIN_DOCUMENTS: Final = 5
"""Documents with something to count that an interval needs at least."""

_CELLS: Final = 4_000_000
"""Draws held in memory at once: samples times documents."""


@dataclass(frozen=True, slots=True)
class Resampling:
    """How many samples are drawn, from which seed, and the share of them that an interval holds."""

    resamples: int = 2000
    seed: int = 13
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if self.resamples < 1 or not 0 < self.confidence < 1:
            raise ValueError(f"{self.resamples} resamples and confidence {self.confidence} make no interval")

    @property
    def words(self) -> str:
        """For a signature: `resamples:2000|seed:13`."""
        return f"resamples:{self.resamples}|seed:{self.seed}"


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the ends of its interval; None where too few documents say anything."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The summed counts of a score, and the interval of its F1."""

    counts: Counts
    f1: Interval


def intervals(counts: Mapping[str, Sequence[Counts]], resampling: Resampling | None = None) -> dict[str, Estimate]:
    """F1 with its interval under each name, from the counts of each document.

    Every name has the same documents in the same order, and all are computed from the same samples. Ratios of
    nothing are 0, as elsewhere; samples without anything to count are left out of the interval.
    """
    resampling = resampling or Resampling()
    tables = {name: matrix(rows) for name, rows in counts.items()}
    if not tables:
        return {}
    stacked = np.concatenate(list(tables.values()), axis=1)
    samples = f1(resampled_sums(stacked, resampling).reshape(resampling.resamples, len(tables), 3))
    totals = {name: sum(rows, Counts()) for name, rows in counts.items()}
    return {
        name: Estimate(totals[name], interval(totals[name].f1, samples[:, i], support(table), resampling))
        for i, (name, table) in enumerate(tables.items())
    }


def interval(value: float, samples: Floats, documents: int, resampling: Resampling) -> Interval:
    """The percentile interval of a figure.

    Args:
        value: the figure over all documents.
        samples: the figure in each sample, shape (resamples,), NaN where a sample has nothing to count.
        documents: how many documents have anything to count.
        resampling: for its confidence.
    """
    known = samples[~np.isnan(samples)]
    if documents < MIN_DOCUMENTS or not len(known):
        return Interval(value)
    tail = 50 * (1 - resampling.confidence)
    low, high = np.percentile(known, [tail, 100 - tail])
    return Interval(value, float(low), float(high))


def support(table: Floats) -> int:
    """How many documents of a table, shape (documents, 3), have a predicted or gold item."""
    return int((table[:, 1] + table[:, 2] > 0).sum())


def resampled_sums(table: Floats, resampling: Resampling) -> Floats:
    """The columns of a table, shape (documents, columns), summed in each sample: shape (resamples, columns).

    The same documents and resampling always give the same samples, so that two models can be set against each other.
    """
    return np.concatenate([draws @ table for draws in _draws(len(table), resampling)])


def _draws(documents: int, resampling: Resampling) -> Iterator[Floats]:
    """How often each document is drawn, shape (some samples, documents); the rows of all blocks are the samples."""
    if documents * resampling.resamples <= _CELLS:
        yield _all_draws(documents, resampling)
        return
    random = np.random.default_rng(resampling.seed)
    block = max(1, _CELLS // documents)
    for first in range(0, resampling.resamples, block):
        yield _drawn(documents, min(block, resampling.resamples - first), random)


@lru_cache(maxsize=2)
def _all_draws(documents: int, resampling: Resampling) -> Floats:
    # A report asks for the samples of one data set some sixty times, and drawing takes longer than adding up.
    draws = _drawn(documents, resampling.resamples, np.random.default_rng(resampling.seed))
    draws.setflags(write=False)
    return draws


def _drawn(documents: int, samples: int, random: np.random.Generator) -> Floats:
    drawn: Floats = random.multinomial(documents, np.full(documents, 1 / documents), samples).astype(np.float64)
    return drawn
