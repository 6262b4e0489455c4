"""The figures of one data set under the keys that schema.md describes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from warwire.annotations.document import Document
from warwire.annotations.labels import LABELS
from warwire.evaluate.calibration import (
    BINS,
    Prediction,
    calibration,
    event_predictions,
    span_predictions,
    threshold_curve,
)
from warwire.evaluate.confusion import confusion
from warwire.evaluate.counts import Counts
from warwire.evaluate.data_sets import DataSet
from warwire.evaluate.document_counts import DocumentCounts, count_documents, tuple_counts
from warwire.evaluate.event_counts import EventCountError, event_counts
from warwire.evaluate.intervals import Estimate, Interval, Resampling, intervals
from warwire.evaluate.linking_loss import linking_loss
from warwire.evaluate.normalised_values import COMPARED, EventValues, event_values, value_shares
from warwire.evaluate.pairs import Pair
from warwire.evaluate.schemes import SchemeCounts, scheme_counts
from warwire.evaluate.scores import assembler_ceiling
from warwire.evaluate.slices import Slices, slice_documents
from warwire.evaluate.tags import seqeval_strict
from warwire.evaluate.tuple_alignments import Alignments, alignments

_PLACES = 6  # decimals of a ratio in the JSON

Runs = Mapping[str, Sequence[Pair]]
"""Each model's pairs, of the same documents in the same order."""


@dataclass(frozen=True, slots=True)
class SetCounts:
    """What most figures of a data set are computed from, document by document.

    The counts of every model and its aligned events; the counts of the postprocessor on the gold spans.
    """

    models: Mapping[str, DocumentCounts]
    aligned: Mapping[str, Alignments]
    ceiling: Mapping[str, Sequence[Counts]]


def count_set(runs: Runs) -> SetCounts:
    """The counts of a data set."""
    gold = [pair.gold for pair in next(iter(runs.values()))]
    return SetCounts(
        {model: count_documents(pairs) for model, pairs in runs.items()},
        {model: alignments(pairs) for model, pairs in runs.items()},
        tuple_counts([assembler_ceiling([document]) for document in gold]),
    )


def set_results(data: DataSet, runs: Runs, counts: SetCounts, primary: str, resampling: Resampling) -> dict[str, Any]:
    """All blocks of a data set but `errors`."""
    drawn = f"{data.signature}|{resampling.words}"
    partial = data.signature.replace("mode:strict|scheme:IOB2", "scheme:nervaluate")
    models = counts.models
    gold = [event_values(document) for document in data.documents]
    return {
        "data": data.name,
        "leaderboard": {"signature": drawn, "primary": primary, **leaderboard(models, primary, resampling)},
        "ceiling": {"signature": drawn, "scores": _estimates(intervals(counts.ceiling, resampling))},
        "breakdowns": {"signature": drawn, "by": breakdowns(data.documents, models, resampling)},
        "schemes": {"signature": partial, "models": {model: _schemes(pairs) for model, pairs in runs.items()}},
        "thresholds": {
            "signature": data.signature,
            "models": {m: _thresholds(pairs, counts.aligned[m]) for m, pairs in runs.items()},
        },
        "calibration": {
            "signature": f"{data.signature}|bins:{BINS}",
            "models": {m: _calibrations(pairs, counts.aligned[m]) for m, pairs in runs.items()},
        },
        "confusion": {
            "signature": data.signature,
            "labels": list(LABELS),
            "models": {model: confusion(pairs).matrix for model, pairs in runs.items()},
        },
        "tuples": {
            "signature": drawn,
            "models": {m: _losses(one, counts.ceiling, resampling) for m, one in models.items()},
        },
        "event_count": {
            "signature": drawn,
            "models": {m: _event_counts(pairs, resampling) for m, pairs in runs.items()},
        },
        "normalised": {
            "signature": data.signature,
            "compared": COMPARED,
            "models": {model: _values(pairs, counts.aligned[model], gold) for model, pairs in runs.items()},
        },
        "counts": {"signature": data.signature, **stored_counts(models)},
    }


def leaderboard(models: Mapping[str, DocumentCounts], primary: str, resampling: Resampling) -> dict[str, Any]:
    """`{order, models}`: the names, best first, and the main scores of each."""
    found = {model: intervals(counts.by_score, resampling) for model, counts in models.items()}
    order = sorted(found, key=lambda model: -found[model][primary].f1.value)
    return {"order": order, "models": {model: _estimates(estimates) for model, estimates in found.items()}}


def breakdowns(
    documents: Sequence[Document], models: Mapping[str, DocumentCounts], resampling: Resampling
) -> list[dict[str, Any]]:
    """The scores by label, role and event type, and those of the parts of the data set."""
    found = [
        _breakdown("label", "label", "tag", {m: counts.by_label for m, counts in models.items()}, resampling),
        _breakdown("role", "role", "argument", {m: counts.by_role for m, counts in models.items()}, resampling),
        _breakdown(
            "event_type", "event type", "tuple", {m: counts.by_type for m, counts in models.items()}, resampling
        ),
    ]
    return found + [_slice_breakdown(slices, models, resampling) for slices in slice_documents(documents)]


def stored_counts(models: Mapping[str, DocumentCounts]) -> dict[str, Any]:
    """`{documents, models}`: [right, predicted, gold] of each document, for paired tests against a later model."""
    return {
        "documents": list(next(iter(models.values())).documents),
        "models": {
            model: {score: [_row(one) for one in rows] for score, rows in counts.by_score.items()}
            for model, counts in models.items()
        },
    }


def score_json(estimate: Estimate, *, share: bool = False) -> dict[str, Any]:
    """A SCORE of the schema; with `share`, one that is a share right and has no precision and recall."""
    counts = estimate.counts
    return {
        **interval_json(estimate.f1),
        "precision": None if share else round(counts.precision, _PLACES),
        "recall": None if share else round(counts.recall, _PLACES),
        "right": _number(counts),
        "predicted": counts.predicted,
        "gold": counts.gold,
    }


def interval_json(found: Interval) -> dict[str, Any]:
    """An INTERVAL of the schema."""
    ends = [None if end is None else round(end, _PLACES) for end in (found.low, found.high)]
    return {"value": round(found.value, _PLACES), "low": ends[0], "high": ends[1]}


def _estimates(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: score_json(estimate, share=name == "status") for name, estimate in estimates.items()}


def _breakdown(
    name: str, title: str, score: str, models: Mapping[str, Mapping[str, Sequence[Counts]]], resampling: Resampling
) -> dict[str, Any]:
    found = {model: intervals(counts, resampling) for model, counts in models.items()}
    rows = []
    for row, gold in next(iter(models.values())).items():
        counting = [
            any(counts[row][i].gold or counts[row][i].predicted for counts in models.values()) for i in range(len(gold))
        ]
        rows.append(
            {
                "name": row,
                "documents": sum(counting),
                "models": {model: {score: score_json(estimates[row])} for model, estimates in found.items()},
            }
        )
    return {"name": name, "title": title, "scores": [score], "rows": rows, "unknown": 0}


_SLICE_SCORES = ("core_tag", "tag", "tuple")


def _slice_breakdown(slices: Slices, models: Mapping[str, DocumentCounts], resampling: Resampling) -> dict[str, Any]:
    found: dict[str, dict[str, dict[str, Estimate]]] = {}
    for model, counts in models.items():
        for score in _SLICE_SCORES:
            rows = counts.by_score[score]
            # Documents outside the part count nothing, so that one set of samples serves all parts.
            parts = {
                name: [one if i in chosen else Counts() for i, one in enumerate(rows)]
                for name, chosen in ((name, set(held)) for name, held in slices.parts.items())
            }
            found.setdefault(model, {})[score] = intervals(parts, resampling)
    rows_json = [
        {
            "name": name,
            "documents": len(held),
            "models": {m: {score: score_json(found[m][score][name]) for score in _SLICE_SCORES} for m in found},
        }
        for name, held in slices.parts.items()
    ]
    return {
        "name": slices.name,
        "title": "length in words" if slices.name == "length" else slices.name,
        "scores": list(_SLICE_SCORES),
        "rows": rows_json,
        "unknown": slices.unknown,
    }


def _schemes(pairs: Sequence[Pair]) -> dict[str, Any]:
    seqeval = seqeval_strict(pairs)
    ratios = {"precision": seqeval.precision, "recall": seqeval.recall, "f1": seqeval.f1}
    found = {name: _scheme(counts) for name, counts in scheme_counts(pairs).items()}
    return {"seqeval": {name: round(value, _PLACES) for name, value in ratios.items()}, **found}


def _scheme(counts: SchemeCounts) -> dict[str, Any]:
    ratios = {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
    return {
        **asdict(counts),
        "possible": counts.possible,
        "actual": counts.actual,
        **{name: round(value, _PLACES) for name, value in ratios.items()},
    }


def _thresholds(pairs: Sequence[Pair], aligned: Alignments) -> dict[str, Any]:
    spans, events = span_predictions(pairs), event_predictions(pairs, False, aligned)
    return {
        "spans": _curve(spans, sum(len(pair.gold.spans) for pair in pairs)),
        "events": _curve(events, sum(len(pair.gold.events) for pair in pairs)),
    }


def _curve(predictions: Sequence[Prediction] | None, gold: int) -> list[dict[str, Any]] | None:
    if predictions is None:
        return None
    return [
        {
            "threshold": point.threshold,
            "kept": point.kept,
            "precision": round(point.precision, _PLACES),
            "recall": round(point.recall, _PLACES),
            "f1": round(point.f1, _PLACES),
        }
        for point in threshold_curve(predictions, gold)
    ]


def _calibrations(pairs: Sequence[Pair], aligned: Alignments) -> dict[str, Any]:
    return {
        "spans": _calibration(span_predictions(pairs)),
        "events": _calibration(event_predictions(pairs, True, aligned)),
    }


def _calibration(predictions: Sequence[Prediction] | None) -> dict[str, Any] | None:
    if predictions is None:
        return None
    found = calibration(predictions)
    return {
        "items": found.items,
        "mean_confidence": round(found.mean_confidence, _PLACES),
        "accuracy": round(found.accuracy, _PLACES),
        "brier": round(found.brier, _PLACES),
        "ece_width": round(found.ece_width, _PLACES),
        "ece_mass": round(found.ece_mass, _PLACES),
        "width_bins": [_rounded(asdict(one)) for one in found.width_bins],
        "mass_bins": [_rounded(asdict(one)) for one in found.mass_bins],
    }


def _values(pairs: Sequence[Pair], aligned: Alignments, gold: Sequence[EventValues]) -> list[dict[str, Any]]:
    return [asdict(share) for share in value_shares(pairs, aligned, gold)]


def _losses(counts: DocumentCounts, ceiling: Mapping[str, Sequence[Counts]], resampling: Resampling) -> dict[str, Any]:
    scores = ("tuple", "exact_tuple")
    reached = intervals({score: counts.by_score[score] for score in scores}, resampling)
    best = intervals({score: ceiling[score] for score in scores}, resampling)
    found = {}
    for score in scores:
        loss = linking_loss(counts.by_score[score], ceiling[score], resampling)
        found[score] = {
            "end_to_end": score_json(reached[score]),
            "ceiling": score_json(best[score]),
            "lost_by_linking": interval_json(loss.by_linking),
            "lost_by_tagging": interval_json(loss.by_tagging),
        }
    return found


def _event_counts(pairs: Sequence[Pair], resampling: Resampling) -> dict[str, Any]:
    found = event_counts(pairs, resampling)
    return {
        **_event_count(found.overall),
        "by_type": [{"type": kind, **_plain_event_count(error)} for kind, error in found.by_type.items()],
    }


def _event_count(error: EventCountError) -> dict[str, Any]:
    return {
        "gold": error.gold,
        "predicted": error.predicted,
        "mean_error": interval_json(error.mean_error),
        "mean_absolute_error": interval_json(error.mean_absolute_error),
    }


def _plain_event_count(error: EventCountError) -> dict[str, Any]:
    return {
        "gold": error.gold,
        "predicted": error.predicted,
        "mean_error": round(error.mean_error.value, _PLACES),
        "mean_absolute_error": round(error.mean_absolute_error.value, _PLACES),
    }


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(value, _PLACES) if isinstance(value, float) else value for key, value in values.items()}


def _row(counts: Counts) -> list[int | float]:
    return [_number(counts), counts.predicted, counts.gold]


def _number(counts: Counts) -> int | float:
    return counts.right if isinstance(counts.right, int) else float(counts.right)
