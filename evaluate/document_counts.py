"""The counts behind every score, document by document: what intervals, tests and slices are computed from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warwire.annotations.labels import CORE_LABELS, EVENT_TYPES, LABELS, ROLES
from warwire.evaluate.arguments import arguments_by_role, triggers
from warwire.evaluate.counts import Counts, Share
from warwire.evaluate.pairs import Pair
from warwire.evaluate.tags import relaxed, strict_by_label
from warwire.evaluate.tuples import TupleScores, score_tuples

Floats = NDArray[np.float64]

SCORES: Final = {
    "core_tag": "core tag F1",
    "tag": "tag F1, strict",
    "tag_relaxed": "tag F1, relaxed",
    "trigger": "trigger F1",
    "argument": "argument F1",
    "tuple": "tuple F1",
    "exact_tuple": "exact tuple F1",
    "status": "status right",
}
"""The main scores, by the names they have in JSON and in print, in the order in which they are shown."""

MEANINGS: Final = {
    "core_tag": "spans of WEAPON, COUNT, PLACE and SPEAKER with the same start, end and label",
    "tag": "spans with the same start, end and label",
    "tag_relaxed": "spans that share their label and a character, each used once",
    "trigger": "triggers of events with the same start, end and type",
    "argument": "arguments with the same event type, role, start and end",
    "tuple": "events aligned one to one, by the share of fillers on which they agree",
    "exact_tuple": "aligned events that agree on every weapon, count, place and speaker",
    "status": "aligned events with the same status, as a share of the aligned ones",
}


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """Counts of each document, in the order of `documents`, under each score, label, role and event type.

    The status has as many predicted as gold items, the aligned events, so that its F1 is the share right.
    Scores are those of `SCORES`, `by_label` counts strict spans, `by_role` arguments, `by_type` tuples.
    """

    documents: tuple[str, ...]
    by_score: Mapping[str, tuple[Counts, ...]]
    by_label: Mapping[str, tuple[Counts, ...]]
    by_role: Mapping[str, tuple[Counts, ...]]
    by_type: Mapping[str, tuple[Counts, ...]]


def count_documents(pairs: Sequence[Pair]) -> DocumentCounts:
    """The counts of each pair; their sums are the counts that `scores.score` gives (span sets for the tag scores).

    Raises:
        MissingExtraError: scipy is not installed.
    """
    labels = [strict_by_label([pair]) for pair in pairs]
    roles = [arguments_by_role([pair]) for pair in pairs]
    events = [score_tuples([pair]) for pair in pairs]
    by_score = {
        "core_tag": tuple(_total(found[label] for label in CORE_LABELS) for found in labels),
        "tag": tuple(_total(found.values()) for found in labels),
        "tag_relaxed": tuple(relaxed([pair]) for pair in pairs),
        "trigger": tuple(triggers([pair]) for pair in pairs),
        "argument": tuple(_total(found.values()) for found in roles),
        **tuple_counts(events),
    }
    return DocumentCounts(
        tuple(pair.gold.id for pair in pairs),
        by_score,
        _by_name(LABELS, labels),
        _by_name(ROLES, roles),
        _by_name(EVENT_TYPES, [one.by_type for one in events]),
    )


def tuple_counts(events: Sequence[TupleScores]) -> dict[str, tuple[Counts, ...]]:
    """The counts of tuple, exact tuple and status, one for each document's tuple scores."""
    return {
        "tuple": tuple(one.tuples for one in events),
        "exact_tuple": tuple(one.exact for one in events),
        "status": tuple(as_counts(one.status) for one in events),
    }


def as_counts(share: Share) -> Counts:
    """A share as counts whose F1 is its accuracy."""
    return Counts(share.right, share.total, share.total)


def matrix(counts: Iterable[Counts]) -> Floats:
    """Shape (documents, 3): right, predicted, gold."""
    rows = [(float(one.right), float(one.predicted), float(one.gold)) for one in counts]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def f1(sums: Floats) -> Floats:
    """F1 of counts in the last axis (right, predicted, gold); NaN where nothing is counted."""
    items = sums[..., 1] + sums[..., 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios: Floats = np.where(items > 0, 2 * sums[..., 0] / items, np.nan)
    return ratios


def _by_name(names: Sequence[str], found: Sequence[Mapping[str, Counts]]) -> dict[str, tuple[Counts, ...]]:
    return {name: tuple(one[name] for one in found) for name in names}


def _total(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())
