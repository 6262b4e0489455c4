"""Scores as plain JSON values, for scripts."""

from collections.abc import Mapping
from typing import Any

from warwire.evaluate.counts import Counts, Share
from warwire.evaluate.scores import Scores
from warwire.evaluate.tags import SeqevalRatios
from warwire.evaluate.tuples import TupleScores


def to_json(scores: Scores) -> dict[str, Any]:
    """The figures of one model under stable keys; later versions may add keys.

    signature, documents             settings and data digest; number of documents
    core_tag, tag                    {precision, recall, f1, gold}, by seqeval
    core_tag_spans, tag_spans        the same as span sets: COUNTS
    tag_relaxed, trigger, argument   COUNTS
    tuple, exact_tuple               COUNTS; `right` of tuple is the sum of similarities
    status                           {accuracy, right, total}, over the aligned events
    ceiling                          {tuple, exact_tuple, status}, of the postprocessor on the gold spans
    tag_by_label, tuple_by_type, argument_by_role
                                     COUNTS under each label, event type and role, also those at zero

    COUNTS is {precision, recall, f1, gold, predicted, right}; ratios are in 0..1, and 0 where nothing is
    counted.
    """
    return {
        "signature": scores.signature,
        "documents": scores.documents,
        "core_tag": _ratios(scores.core_tag),
        "tag": _ratios(scores.tag),
        "core_tag_spans": _counts(scores.core_tag_spans),
        "tag_spans": _counts(scores.tag_spans),
        "tag_relaxed": _counts(scores.tag_relaxed),
        "trigger": _counts(scores.trigger),
        "argument": _counts(scores.argument),
        **_tuples(scores.events),
        "ceiling": _tuples(scores.ceiling),
        "tag_by_label": _each(scores.tag_by_label),
        "tuple_by_type": _each(scores.events.by_type),
        "argument_by_role": _each(scores.argument_by_role),
    }


def _ratios(ratios: Counts | SeqevalRatios) -> dict[str, Any]:
    return {"precision": ratios.precision, "recall": ratios.recall, "f1": ratios.f1, "gold": ratios.gold}


def _counts(counts: Counts) -> dict[str, Any]:
    right = counts.right if isinstance(counts.right, int) else float(counts.right)
    return {**_ratios(counts), "predicted": counts.predicted, "right": right}


def _share(share: Share) -> dict[str, Any]:
    return {"accuracy": share.accuracy, "right": share.right, "total": share.total}


def _tuples(scores: TupleScores) -> dict[str, Any]:
    return {
        "tuple": _counts(scores.tuples),
        "exact_tuple": _counts(scores.exact),
        "status": _share(scores.status),
    }


def _each(counts: Mapping[str, Counts]) -> dict[str, Any]:
    return {name: _counts(value) for name, value in counts.items()}
