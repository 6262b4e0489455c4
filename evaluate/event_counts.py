"""Whether a model finds as many events as there are: the error of their number per document.

Sums over an archive are taken from these numbers, so that a model that splits or joins events shows here even where
its tuples agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from warwire.annotations.document import Document
from warwire.annotations.labels import EVENT_TYPES
from warwire.evaluate.document_counts import Floats
from warwire.evaluate.intervals import Interval, Resampling, interval, resampled_sums
from warwire.evaluate.pairs import Pair


@dataclass(frozen=True, slots=True)
class EventCountError:
    """Numbers of gold and predicted events, and the mean error (predicted minus gold) per document, signed and not."""

    gold: int
    predicted: int
    mean_error: Interval
    mean_absolute_error: Interval


@dataclass(frozen=True, slots=True)
class EventCounts:
    """The error over all event types together, and of each type; a type's absolute errors do not cancel out."""

    overall: EventCountError
    by_type: Mapping[str, EventCountError]


def event_counts(pairs: Sequence[Pair], resampling: Resampling | None = None) -> EventCounts:
    """The errors over at least one document, with bootstrap intervals over documents."""
    resampling = resampling or Resampling()
    gold, predicted = (_numbers([getattr(pair, side) for pair in pairs]) for side in ("gold", "predicted"))
    # The first column is that of all types together.
    gold, predicted = (np.concatenate([side.sum(axis=1, keepdims=True), side], axis=1) for side in (gold, predicted))
    errors = predicted - gold
    samples = resampled_sums(np.concatenate([errors, np.abs(errors)], axis=1), resampling) / len(pairs)
    names = ("", *EVENT_TYPES)

    def error(column: int) -> EventCountError:
        absolute = column + len(names)
        return EventCountError(
            int(gold[:, column].sum()),
            int(predicted[:, column].sum()),
            interval(float(errors[:, column].mean()), samples[:, column], len(pairs), resampling),
            interval(float(np.abs(errors[:, column]).mean()), samples[:, absolute], len(pairs), resampling),
        )

    found = {name: error(column) for column, name in enumerate(names)}
    return EventCounts(found.pop(""), found)


def _numbers(documents: Sequence[Document]) -> Floats:
    """Events of each type, shape (documents, event types)."""
    rows = [[sum(event.type == kind for event in document.events) for kind in EVENT_TYPES] for document in documents]
    return np.array(rows, dtype=np.float64)
