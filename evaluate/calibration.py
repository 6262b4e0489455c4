"""Whether a confidence can be believed, and what a threshold on it buys.

A prediction of confidence 0.9 should be right nine times in ten. The expected calibration error (ECE) is the mean gap
between confidence and share right over bins, weighted by their items. Bins of equal width show where the confidences
lie; bins of equal mass keep the error of thin bins out of the ECE.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from warwire.evaluate.pairs import Pair
from warwire.evaluate.tuple_alignments import Alignments, alignments

BINS: Final = 15
POINTS: Final = 50
"""Points of a precision-recall curve, at most."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A predicted item: its confidence in 0..1, and how far it is right, 0..1 (a span: 0 or 1)."""

    score: float
    right: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of similar confidence: ends of the bin, number, mean confidence and share right."""

    low: float
    high: float
    items: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Mean confidence against share right, overall and by bin; bins without items are left out.

    `brier` is the mean squared difference of confidence and rightness, 0 at best.
    """

    items: int
    mean_confidence: float
    accuracy: float
    brier: float
    width_bins: tuple[Bin, ...]
    mass_bins: tuple[Bin, ...]

    @property
    def ece_width(self) -> float:
        """Expected calibration error over bins of equal width, in 0..1."""
        return expected_error(self.width_bins)

    @property
    def ece_mass(self) -> float:
        """Expected calibration error over bins of equal mass, in 0..1."""
        return expected_error(self.mass_bins)


@dataclass(frozen=True, slots=True)
class ThresholdPoint:
    """What is left of the predictions at a threshold, and how good it is, against all gold items."""

    threshold: float
    kept: int
    precision: float
    recall: float
    f1: float


def span_predictions(pairs: Iterable[Pair]) -> tuple[Prediction, ...] | None:
    """The predicted spans, right when start, end and label are; None where a span has no score, or there is none."""
    found: list[Prediction] = []
    for pair in pairs:
        gold = {(span.start, span.end, span.label) for span in pair.gold.spans}
        for span in pair.predicted.spans:
            if span.score is None:
                return None
            found.append(Prediction(span.score, float((span.start, span.end, span.label) in gold)))
    return tuple(found) or None


def event_predictions(
    pairs: Sequence[Pair], exact: bool, aligned: Alignments | None = None
) -> tuple[Prediction, ...] | None:
    """The predicted events, each with the gold event that the tuple scores join it to.

    With `exact` an event is right when it is an exact tuple, otherwise as far as it is similar. None where an event
    has no score, or there is no event. `aligned` is `alignments(pairs)`, where it is there already.
    """
    found: list[Prediction] = []
    for pair, events in zip(pairs, aligned or alignments(pairs), strict=True):
        joined = {id(one.predicted): float(one.exact if exact else one.sim) for one in events}
        for event in pair.predicted.events:
            if event.score is None:
                return None
            found.append(Prediction(event.score, joined.get(id(event), 0.0)))
    return tuple(found) or None


def calibration(predictions: Sequence[Prediction], bins: int = BINS) -> Calibration:
    """The calibration of at least one prediction.

    Raises:
        ValueError: there is no prediction.
    """
    if not predictions:
        raise ValueError("no predictions; calibration needs one at least")
    items = len(predictions)
    return Calibration(
        items,
        sum(one.score for one in predictions) / items,
        sum(one.right for one in predictions) / items,
        sum((one.score - one.right) ** 2 for one in predictions) / items,
        _width_bins(predictions, bins),
        _mass_bins(predictions, bins),
    )


def expected_error(bins: Iterable[Bin]) -> float:
    """The mean distance of confidence and share right, weighted by the items of each bin."""
    bins = tuple(bins)
    return sum(one.items * abs(one.confidence - one.accuracy) for one in bins) / sum(one.items for one in bins)


def threshold_curve(predictions: Sequence[Prediction], gold: int, points: int = POINTS) -> tuple[ThresholdPoint, ...]:
    """Precision and recall when what scores less than a threshold is left out, thresholds ascending.

    The thresholds are scores that occur, as evenly spread over the predictions as can be; the first keeps everything.
    Events keep the partner that the alignment of all of them gave.
    """
    ordered = sorted(predictions, key=lambda one: one.score)
    # Equal scores are kept or left out together.
    firsts = [i for i, one in enumerate(ordered) if i == 0 or ordered[i - 1].score != one.score]
    right_from = [0.0] * (len(ordered) + 1)
    for i in range(len(ordered) - 1, -1, -1):
        right_from[i] = right_from[i + 1] + ordered[i].right
    chosen = firsts if len(firsts) <= points else _spread(firsts, len(ordered), points)
    return tuple(_point(ordered[i].score, len(ordered) - i, right_from[i], gold) for i in chosen)


def _spread(firsts: Sequence[int], items: int, points: int) -> list[int]:
    chosen: list[int] = []
    for first in firsts:
        if first >= len(chosen) * items / points:
            chosen.append(first)
    return chosen


def _point(threshold: float, kept: int, right: float, gold: int) -> ThresholdPoint:
    recall = right / gold if gold else 0.0
    return ThresholdPoint(threshold, kept, right / kept, recall, 2 * right / (kept + gold))


def _width_bins(predictions: Sequence[Prediction], bins: int) -> tuple[Bin, ...]:
    sorted_in: list[list[Prediction]] = [[] for _ in range(bins)]
    for one in predictions:
        sorted_in[min(int(one.score * bins), bins - 1)].append(one)
    return tuple(_bin(i / bins, (i + 1) / bins, found) for i, found in enumerate(sorted_in) if found)


def _mass_bins(predictions: Sequence[Prediction], bins: int) -> tuple[Bin, ...]:
    ordered = sorted(predictions, key=lambda one: one.score)
    edges = [round(i * len(ordered) / bins) for i in range(bins + 1)]
    parts = [ordered[first:end] for first, end in pairwise(edges) if first < end]
    return tuple(_bin(part[0].score, part[-1].score, part) for part in parts)


def _bin(low: float, high: float, found: Sequence[Prediction]) -> Bin:
    confidence = sum(one.score for one in found) / len(found)
    return Bin(low, high, len(found), confidence, sum(one.right for one in found) / len(found))
