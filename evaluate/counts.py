"""Counts that add over documents; ratios are derived from them and never stored, added or averaged."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Counts:
    """Predicted items, gold items, and how many of either are right.

    `right` is a sum of similarities where items agree in part, kept as a fraction: sums of floats would
    depend on the order of the documents. A ratio without a denominator is 0, as with seqeval's
    `zero_division=0`.

    Raises:
        ValueError: a count is negative, or more is right than was predicted or is in the gold data.
    """

    right: int | Fraction = 0
    predicted: int = 0
    gold: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.right <= min(self.predicted, self.gold):
            raise ValueError(f"{self.right} right of {self.predicted} predicted and {self.gold} gold items")

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Right items as a share of the predicted ones, in 0..1."""
        return _ratio(self.right, self.predicted)

    @property
    def recall(self) -> float:
        """Right items as a share of the gold ones, in 0..1."""
        return _ratio(self.right, self.gold)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in 0..1."""
        return _ratio(2 * self.right, self.predicted + self.gold)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a number of items are right.

    Raises:
        ValueError: a count is negative, or more is right than there is.
    """

    right: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.total:
            raise ValueError(f"{self.right} right of {self.total} items")

    def __add__(self, other: "Share") -> "Share":
        return Share(self.right + other.right, self.total + other.total)

    @property
    def accuracy(self) -> float:
        """The right share, in 0..1; 0 of nothing is 0."""
        return _ratio(self.right, self.total)


def _ratio(part: int | Fraction, whole: int) -> float:
    return float(part / whole) if whole else 0.0
