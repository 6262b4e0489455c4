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

RESTART: Final = 2.0
"""Nats; chosen on the corpus dev split among 0, 1, 2, 3, 5 and 8, where all but 0 are nearly equal."""

_OUTSIDE: Final = 0
_KINDS: Final = len(LABELS)
_INSIDE: Final = np.arange(2, 2 + 2 * _KINDS, 2)


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
    probabilities = softmax(logits)
    starts = np.flatnonzero(_is_begin(tags))
    return tuple(_span(int(start), tags, probabilities) for start in starts)


def best_legal_sequence(logits: Floats) -> Ints:
    """Tag indices of the highest-scoring legal IOB2 sequence, shape (units,); each restart costs `RESTART`."""
    tags = logits.argmax(axis=1)
    return tags if is_legal(tags) and not restarts(tags).any() else _viterbi(logits)


def is_legal(tags: Ints) -> bool:
    """Whether every I- tag follows a B- or I- tag of its own label."""
    inside = _is_inside(tags)
    if not inside.any():
        return True
    before = np.concatenate([[_OUTSIDE], tags[:-1]])
    return bool(((before[inside] == tags[inside]) | (before[inside] == tags[inside] - 1)).all())


def restarts(tags: Ints) -> NDArray[np.bool_]:
    """Which units begin a span right behind a span of the same label, shape (units,)."""
    before = np.concatenate([[_OUTSIDE], tags[:-1]])
    return np.asarray(_is_begin(tags) & ((before == tags) | (before == tags + 1)))


def softmax(logits: Floats) -> Floats:
    """Probabilities over the last axis, in the same shape."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def _viterbi(logits: Floats) -> Ints:
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


def _span(start: int, tags: Ints, probabilities: Floats) -> TaggedUnits:
    begin = int(tags[start])
    end = start + 1
    while end < len(tags) and tags[end] == begin + 1:
        end += 1
    score = float(probabilities[start, begin] * probabilities[start + 1 : end, begin + 1].prod())
    if end < len(tags):
        score *= 1.0 - float(probabilities[end, begin + 1])
    return TaggedUnits(start, end, BIO_TAGS[begin][2:], min(1.0, max(0.0, score)))


def _is_begin(tags: Ints) -> NDArray[np.bool_]:
    return np.asarray(tags % 2 == 1)


def _is_inside(tags: Ints) -> NDArray[np.bool_]:
    return np.asarray((tags != _OUTSIDE) & (tags % 2 == 0))
