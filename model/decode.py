"""From logits to spans: decoding that can only give legal IOB2 sequences, and span confidence.

The best legal sequence is found exactly (Viterbi), where an I- tag may follow only a B- or I- tag of its label, and
where a span right behind another of its label, one in a thousand in gold documents, has to be worth `RESTART`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warwire.annotations.labels import BIO_TAGS, LABELS

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RESTART: Final = 2.0
"""Nats; chosen on the corpus dev split among 0, 1, 2, 3, 5 and 8, where all but 0 are nearly equal."""

_OUTSIDE: Final = 0
_KINDS: Final = len(LABELS)
_INSIDE: Final = np.arange(2, 2 + 2 * _KINDS, 2)
_ROUNDING: Final = 1e-3
"""Nats by which sums of logits may differ from exact ones."""


@dataclass(frozen=True, slots=True)
class TaggedUnits:
    """Units `start` to `end` (exclusive) carry a label; `score` is in 0..1."""

    start: int
    end: int
    label: str
    score: float


def decode(logits: Floats) -> tuple[TaggedUnits, ...]:
    """The spans of the best legal tag sequence.

    Args:
        logits: one row a unit, columns in the order of `BIO_TAGS`, shape (units, tags).

    The score of a span is its probability when units are independent: P(B) of its first unit, times P(I) of the
    others, times the probability that the unit after it does not continue it.
    """
    if not len(logits):
        return ()
    tags = best_legal_sequence(logits)
    starts = np.flatnonzero(_is_begin(tags))
    if not len(starts):
        return ()
    inside = _is_inside(tags)
    ends = _run_ends(inside, starts)
    scores = _scores(softmax(logits), tags, starts, ends)
    return tuple(
        TaggedUnits(start, end, BIO_TAGS[tag][2:], score)
        for start, end, tag, score in zip(
            starts.tolist(), ends.tolist(), tags[starts].tolist(), scores.tolist(), strict=True
        )
    )


def best_legal_sequence(logits: Floats) -> Ints:
    """Tag indices of the highest-scoring legal IOB2 sequence, shape (units,); each restart costs `RESTART`.

    The most probable tag of each unit is taken where that is legal; the search runs over the few units around a
    break of the rules that the best sequence could tag otherwise.
    """
    tags: Ints = logits.argmax(axis=1)
    if is_legal(tags) and not restarts(tags).any():
        return tags
    for first, last in _open_runs(logits, tags):
        tags[first:last] = _search(logits, tags, first, last)
    return tags


def is_legal(tags: Ints) -> bool:
    """Whether every I- tag follows a B- or I- tag of its own label."""
    return not _illegal(tags).any()


def restarts(tags: Ints) -> Bools:
    """Which units begin a span right behind a span of the same label, shape (units,)."""
    before = np.concatenate([[_OUTSIDE], tags[:-1]])
    return np.asarray(_is_begin(tags) & ((before == tags) | (before == tags + 1)))


def softmax(logits: Floats) -> Floats:
    """Probabilities over the last axis, in the same shape."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def _illegal(tags: Ints) -> Bools:
    before = np.concatenate([[_OUTSIDE], tags[:-1]])
    return np.asarray(_is_inside(tags) & (before != tags) & (before != tags - 1))


def _open_runs(logits: Floats, tags: Ints) -> list[tuple[int, int]]:
    """Half-open runs of units outside which the best legal sequence has the most probable `tags`.

    Where the best sequence departs from those tags over a run of units, it loses there at least the margin of each
    unit's best tag over its second. The tags themselves, repaired in that run and at the unit behind it, would lose
    what the repairs cost: so no run departs whose margins come to more than its repairs. A repair makes an I- tag
    that follows nothing of its label B-, or pays for a restart.
    """
    every = np.arange(len(tags))
    begins = tags - _is_inside(tags)
    own = logits[every, tags].astype(np.float64)
    repairs = np.where(_illegal(tags), own - logits[every, begins], 0.0) + RESTART * restarts(tags)
    margins = own - np.partition(logits, -2, axis=1)[:, -2]
    sums = np.concatenate([[0.0], np.cumsum(repairs - margins)])
    ends = sums[1:] + np.append(repairs[1:], 0.0)
    # For each unit, the most by which repairs exceed margins in any run that holds it.
    excess = np.maximum.accumulate(ends[::-1])[::-1] - np.minimum.accumulate(sums[:-1])
    held = np.concatenate([[False], excess > -_ROUNDING, [False]])
    edges = np.flatnonzero(held[1:] != held[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _search(logits: Floats, tags: Ints, first: int, last: int) -> Ints:
    """The best tags of the units `first` to `last`, those of the neighbours on both sides being given."""
    low, high = max(0, first - 1), min(len(tags), last + 1)
    part = logits[low:high].astype(np.float64)
    if low < first:
        # As a neighbour to the left, I- of a label allows what B- does; at the front only B- is legal.
        given = int(tags[low])
        _clamp(part[0], given - 1 if given and given % 2 == 0 else given)
    if high > last:
        _clamp(part[-1], int(tags[last]))
    return _viterbi(part)[first - low : last - low]


def _clamp(row: NDArray[np.float64], tag: int) -> None:
    row[:] = -np.inf
    row[tag] = 0.0


def _viterbi(logits: NDArray[np.float64]) -> Ints:
    # Columns: O, then B- and I- of each label in turn. An I- tag depends on its own label before it, and so does a B-
    # tag of the label of the best tag before it; all others follow that best tag.
    units = len(logits)
    outside, begin, inside = logits[:, 0], logits[:, 1::2], logits[:, 2::2]
    before = np.zeros((units, 1 + 2 * _KINDS), dtype=np.int64)
    score = np.full(1 + 2 * _KINDS, -np.inf)
    score[0], score[1::2] = outside[0], begin[0]
    for unit in range(1, units):
        best = int(score.argmax())
        before[unit] = best
        begins = np.full(_KINDS, score[best])
        if best != _OUTSIDE:
            kind = (best - 1) // 2
            before[unit, 1 + 2 * kind], begins[kind] = _best_start(score, best, kind)
        b, i = score[1::2], score[2::2]
        before[unit, 2::2] = np.where(i > b, _INSIDE, _INSIDE - 1)
        kept = np.maximum(i, b)
        top = score[best]
        score = np.empty_like(score)
        score[0], score[1::2], score[2::2] = top + outside[unit], begins + begin[unit], kept + inside[unit]
    return _trace_back(int(score.argmax()), before)


def _best_start(score: NDArray[np.float64], best: int, kind: int) -> tuple[int, float]:
    """The tag to come from for a span of a label, and its score, where the best tag before has that label itself."""
    others = score.copy()
    others[1 + 2 * kind : 3 + 2 * kind] = -np.inf
    other = int(others.argmax())
    restart = score[best] - RESTART
    return (other, others[other]) if others[other] > restart else (best, restart)


def _trace_back(last: int, before: Ints) -> Ints:
    tags = np.empty(len(before), dtype=np.int64)
    tag = last
    for unit in range(len(tags) - 1, -1, -1):
        tags[unit] = tag
        tag = int(before[unit, tag])
    return tags


def _run_ends(inside: Bools, starts: Ints) -> Ints:
    """The unit after the last of each span that begins at `starts`, in a legal sequence."""
    stops = np.append(np.flatnonzero(~inside), len(inside))
    return np.asarray(stops[np.searchsorted(stops, starts, side="right")])


def _scores(probabilities: Floats, tags: Ints, starts: Ints, ends: Ints) -> NDArray[np.float64]:
    units = len(tags)
    own = probabilities[np.arange(units), tags].astype(np.float64)
    # Products from each start to its end: reduceat's odd slices run from an end to the next start and are dropped.
    edges = np.stack([starts, ends], axis=1).ravel()
    products = np.multiply.reduceat(np.append(own, 1.0), edges)[::2]
    behind = np.minimum(ends, units - 1)
    goes_on = np.where(ends < units, probabilities[behind, tags[starts] + 1], 0.0)
    return np.asarray(np.clip(products * (1.0 - goes_on), 0.0, 1.0))


def _is_begin(tags: Ints) -> Bools:
    return np.asarray(tags % 2 == 1)


def _is_inside(tags: Ints) -> Bools:
    return np.asarray((tags != _OUTSIDE) & (tags % 2 == 0))
