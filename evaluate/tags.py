"""Tag scores: spans with their labels, strict (as span sets and by seqeval) and relaxed."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from warwire.annotations.document import Span
from warwire.annotations.labels import LABELS
from warwire.evaluate.counts import Counts
from warwire.evaluate.pairs import Pair

_PIECE: Final = re.compile(r"\w+|[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class SeqevalRatios:
    """What seqeval reports, micro-averaged: ratios in 0..1, and the number of gold spans."""

    precision: float
    recall: float
    f1: float
    gold: int


def strict_by_label(pairs: Iterable[Pair]) -> dict[str, Counts]:
    """Spans with the same start, end and label, by label; labels that do not occur are there with zeros."""
    counts = dict.fromkeys(LABELS, Counts())
    for pair in pairs:
        gold, predicted = _by_label(pair.gold.spans), _by_label(pair.predicted.spans)
        for label in gold.keys() | predicted.keys():
            ours, theirs = _offsets(gold.get(label, ())), _offsets(predicted.get(label, ()))
            counts[label] += Counts(len(ours & theirs), len(theirs), len(ours))
    return counts


def relaxed(pairs: Iterable[Pair]) -> Counts:
    """Spans that share a label and a code point, each used once: the most pairs that can be made."""
    total = Counts()
    for pair in pairs:
        gold, predicted = _by_label(pair.gold.spans), _by_label(pair.predicted.spans)
        right = sum(_most_overlapping(gold[label], predicted.get(label, ())) for label in gold)
        total += Counts(right, len(pair.predicted.spans), len(pair.gold.spans))
    return total


def seqeval_strict(pairs: Iterable[Pair], labels: Collection[str] = LABELS) -> SeqevalRatios:
    """Precision, recall and F1 of the spans with one of these labels, as seqeval counts them.

    Always as with `mode="strict", scheme=IOB2`: seqeval's default mode takes `I-X I-X` for as good as `B-X I-X`.
    Without any gold or predicted span every ratio is 0.
    """
    from seqeval.metrics.v1 import precision_recall_fscore_support
    from seqeval.scheme import IOB2

    gold: list[list[str]] = []
    predicted: list[list[str]] = []
    for pair in pairs:
        cuts = cut(pair.gold.text, (*pair.gold.spans, *pair.predicted.spans))
        gold.append(iob2_tags(cuts, [span for span in pair.gold.spans if span.label in labels]))
        predicted.append(iob2_tags(cuts, [span for span in pair.predicted.spans if span.label in labels]))
    # What precision_score, recall_score and f1_score each call in strict mode, and take one of three figures from.
    precision, recall, f1, _ = precision_recall_fscore_support(
        gold, predicted, average="micro", scheme=IOB2, zero_division=0
    )
    return SeqevalRatios(
        float(precision), float(recall), float(f1), sum(tag.startswith("B-") for tags in gold for tag in tags)
    )


def cut(text: str, spans: Iterable[Span]) -> list[int]:
    """Offsets, ascending from 0 to the text's length, between which the tokens lie.

    Tokens are words, single punctuation marks and runs of white space, cut again at every span boundary, so
    that no span is rounded to a token. White space makes tokens of its own because a span that wrongly takes
    it in must differ from one that does not.
    """
    inside = {offset for span in spans for offset in (span.start, span.end)}
    return sorted({0, len(text)} | {match.start() for match in _PIECE.finditer(text)} | inside)


def iob2_tags(cuts: Sequence[int], spans: Iterable[Span]) -> list[str]:
    """One tag for each token between two cuts; the spans begin and end at cuts and do not overlap."""
    tags = ["O"] * (len(cuts) - 1)
    position = {offset: i for i, offset in enumerate(cuts)}
    for span in spans:
        first, end = position[span.start], position[span.end]
        tags[first:end] = [f"B-{span.label}", *[f"I-{span.label}"] * (end - first - 1)]
    return tags


def _by_label(spans: Iterable[Span]) -> dict[str, list[Span]]:
    by_label: dict[str, list[Span]] = {}
    for span in spans:
        by_label.setdefault(span.label, []).append(span)
    return by_label


def _offsets(spans: Iterable[Span]) -> set[tuple[int, int]]:
    return {(span.start, span.end) for span in spans}


def _most_overlapping(gold: Sequence[Span], predicted: Sequence[Span]) -> int:
    """The size of a maximum matching by overlap, greedily from the left.

    Greedy is enough, as spans of one side never overlap each other. Take the first span g of one side and p
    of the other. If they do not overlap, the one that ends first overlaps no later span either. If they do,
    only the one that ends last can overlap a further span, so that pairing g with p takes away at most one
    pair and makes one.
    """
    ours = sorted(gold, key=lambda span: span.start)
    theirs = sorted(predicted, key=lambda span: span.start)
    i = j = right = 0
    while i < len(ours) and j < len(theirs):
        if ours[i].overlaps(theirs[j]):
            right, i, j = right + 1, i + 1, j + 1
        elif ours[i].end < theirs[j].end:
            i += 1
        else:
            j += 1
    return right
