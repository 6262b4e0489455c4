"""The four schemes of partial credit for spans, as nervaluate (1.2.1 or later) counts them.

    strict    right: the same start, end and label
    exact     right: the same start and end, whatever the label
    partial   right: the same start and end; half right: an overlap; labels play no part
    type      right: an overlap and the same label

Predicted spans are taken from the left, and each takes at most one gold span that none has taken: a right one where
there is one (for `type` the nearest in its ends), otherwise the first that it overlaps, which is then incorrect (for
`partial`: half right). What takes none is spurious, what is not taken is missed. Intervals are half-open: spans that
touch do not overlap.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from warwire.annotations.document import Span
from warwire.evaluate.pairs import Pair


@dataclass(frozen=True, slots=True)
class SchemeCounts:
    """What became of the spans under one scheme; counts add, ratios are derived."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    def __add__(self, other: "SchemeCounts") -> "SchemeCounts":
        return SchemeCounts(
            self.correct + other.correct,
            self.incorrect + other.incorrect,
            self.partial + other.partial,
            self.missed + other.missed,
            self.spurious + other.spurious,
        )

    @property
    def possible(self) -> int:
        """Number of gold spans."""
        return self.correct + self.incorrect + self.partial + self.missed

    @property
    def actual(self) -> int:
        """Number of predicted spans."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def precision(self) -> float:
        """Right and half of the partly right spans as a share of the predicted, in 0..1."""
        return (self.correct + self.partial / 2) / self.actual if self.actual else 0.0

    @property
    def recall(self) -> float:
        """Right and half of the partly right spans as a share of the gold ones, in 0..1."""
        return (self.correct + self.partial / 2) / self.possible if self.possible else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in 0..1."""
        items = self.actual + self.possible
        return (2 * self.correct + self.partial) / items if items else 0.0


def _same_ends(gold: Span, predicted: Span) -> bool:
    return (gold.start, gold.end) == (predicted.start, predicted.end)


def _same_span(gold: Span, predicted: Span) -> bool:
    return _same_ends(gold, predicted) and gold.label == predicted.label


def _same_label(gold: Span, predicted: Span) -> bool:
    return gold.label == predicted.label


SCHEMES: Final[dict[str, Callable[[Span, Span], bool]]] = {
    "strict": _same_span,
    "exact": _same_ends,
    "partial": _same_ends,
    "type": _same_label,
}
"""When overlapping spans, gold before predicted, are right."""


def scheme_counts(pairs: Iterable[Pair]) -> dict[str, SchemeCounts]:
    """The counts of each scheme over the documents."""
    counts = dict.fromkeys(SCHEMES, SchemeCounts())
    for pair in pairs:
        gold = sorted(pair.gold.spans, key=lambda span: span.start)
        predicted = sorted(pair.predicted.spans, key=lambda span: span.start)
        overlapping = [[i for i, span in enumerate(gold) if span.overlaps(other)] for other in predicted]
        for scheme in SCHEMES:
            counts[scheme] += _count(scheme, gold, predicted, overlapping)
    return counts


def _count(
    scheme: str, gold: Sequence[Span], predicted: Sequence[Span], overlapping: Sequence[Sequence[int]]
) -> SchemeCounts:
    taken: set[int] = set()
    correct = almost = spurious = 0
    for span, options in zip(predicted, overlapping, strict=True):
        free = [i for i in options if i not in taken]
        right = [i for i in free if SCHEMES[scheme](gold[i], span)]
        if right:
            correct += 1
            taken.add(min(right, key=lambda i: _distance(gold[i], span)))
        elif free:
            almost += 1
            taken.add(free[0])
        else:
            spurious += 1
    partial = almost if scheme == "partial" else 0
    return SchemeCounts(correct, almost - partial, partial, len(gold) - len(taken), spurious)


def _distance(gold: Span, predicted: Span) -> int:
    return abs(gold.start - predicted.start) + abs(gold.end - predicted.end)
