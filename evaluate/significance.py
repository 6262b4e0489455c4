"""Whether two models differ beyond chance: paired tests over documents, corrected for how many are made.

The test is approximate randomisation: if the models were equally good, each document's two results could change
places. The p-value is the share of random exchanges whose difference is at least as large as the one observed, the
observed one counted in (p is never 0). Intervals of the difference come from the paired bootstrap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np

from warwire.evaluate.counts import Counts
from warwire.evaluate.document_counts import Floats, f1, matrix
from warwire.evaluate.intervals import Resampling, interval, resampled_sums, support

ROUNDS: Final = 10_000
"""Random exchanges of a test."""

LEVEL: Final = 0.05
"""Corrected p-values below this are beyond chance."""

_ROUNDS_PER_TEST: Final = 40
"""With fewer rounds than this for each of many tests, no p-value could be small enough to survive the correction."""

_CELLS: Final = 4_000_000
"""Exchanges held in memory at once: rounds times documents."""

_ROUNDING: Final = 1e-12
"""Differences that are equal but for rounding count as equal."""

Scored = Mapping[str, Sequence[Counts]]
"""The counts of each document under each score."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two models in one score, `first` minus `second` in F1, with its interval and p-values.

    `identical` says that both have the same counts in every document.
    """

    data: str
    score: str
    first: str
    second: str
    difference: float
    low: float | None
    high: float | None
    p: float
    p_holm: float
    identical: bool

    @property
    def beyond_chance(self) -> bool:
        """Whether the corrected p-value is below `LEVEL`."""
        return self.p_holm < LEVEL


def compare_models(
    data: Mapping[str, Mapping[str, Scored]], scores: Sequence[str], resampling: Resampling, rounds: int = ROUNDS
) -> tuple[Comparison, ...]:
    """Every pair of models on every data set and score, Holm's correction over all of them together.

    Args:
        data: by data set, by model: the counts of each document, the same documents for every model of a data set.
        scores: which scores are compared.
        resampling: for the intervals of the differences; its seed also serves the tests.
        rounds: random exchanges; more are made where there are so many tests that none could come out.
    """
    rounds = rounds_for([len(models) for models in data.values()], len(scores), rounds)
    found: list[Comparison] = []
    for name, models in data.items():
        for first, second in combinations(models, 2):
            found += _compare(name, (first, second), models[first], models[second], scores, resampling, rounds)
    corrected = holm([one.p for one in found])
    return tuple(_corrected(one, p) for one, p in zip(found, corrected, strict=True))


def rounds_for(models: Sequence[int], scores: int, rounds: int = ROUNDS) -> int:
    """The rounds that are made for every pair of so many models on each data set, in so many scores."""
    tests = sum(number * (number - 1) // 2 for number in models) * scores
    return max(rounds, _ROUNDS_PER_TEST * tests)


def randomisation_test(
    first: Sequence[Floats], second: Sequence[Floats], rounds: int = ROUNDS, seed: int = 13
) -> list[float]:
    """Two-sided p-values of the difference in F1, one for each table of shape (documents, 3)."""
    ours, theirs = np.concatenate(first, axis=1), np.concatenate(second, axis=1)
    shape = (-1, len(first), 3)
    observed = np.abs(_difference(ours.sum(axis=0).reshape(shape), theirs.sum(axis=0).reshape(shape)))[0]
    reached = np.zeros(len(first))
    for swaps in _exchanges(len(ours), rounds, seed):
        moved = swaps @ (theirs - ours)
        difference = _difference((ours.sum(axis=0) + moved).reshape(shape), (theirs.sum(axis=0) - moved).reshape(shape))
        reached += (np.abs(difference) >= observed - _ROUNDING).sum(axis=0)
    return [float(p) for p in (reached + 1) / (rounds + 1)]


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values after Holm's step-down correction, in the order given, at most 1."""
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, i in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, p_values[i] * (len(p_values) - rank)))
        corrected[i] = highest
    return corrected


def _compare(
    data: str,
    names: tuple[str, str],
    ours: Scored,
    theirs: Scored,
    scores: Sequence[str],
    resampling: Resampling,
    rounds: int,
) -> Iterator[Comparison]:
    first, second = [matrix(ours[score]) for score in scores], [matrix(theirs[score]) for score in scores]
    p_values = randomisation_test(first, second, rounds, resampling.seed)
    shape = (resampling.resamples, len(scores), 3)
    samples = _difference(
        resampled_sums(np.concatenate(first, axis=1), resampling).reshape(shape),
        resampled_sums(np.concatenate(second, axis=1), resampling).reshape(shape),
    )
    for i, (score, p) in enumerate(zip(scores, p_values, strict=True)):
        value = float(_difference(first[i].sum(axis=0), second[i].sum(axis=0)))
        counting = min(support(first[i]), support(second[i]))
        ends = interval(value, samples[:, i], counting, resampling)
        same = bool((first[i] == second[i]).all())
        yield Comparison(data, score, *names, value, ends.low, ends.high, p, p, same)


def _difference(first: Floats, second: Floats) -> Floats:
    """The difference in F1 of summed counts, the ratio of nothing taken for 0."""
    difference: Floats = np.nan_to_num(f1(first)) - np.nan_to_num(f1(second))
    return difference


def _exchanges(documents: int, rounds: int, seed: int) -> Iterator[Floats]:
    """Which documents change places, shape (some rounds, documents), 0 or 1."""
    random = np.random.default_rng(seed)
    block = max(1, _CELLS // documents)
    for done in range(0, rounds, block):
        yield random.integers(0, 2, (min(block, rounds - done), documents)).astype(np.float64)


def _corrected(one: Comparison, p: float) -> Comparison:
    return replace(one, p_holm=p)
