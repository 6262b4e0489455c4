"""Tuple scores: events aligned one to one, and how much the aligned ones agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Final

from warwire.annotations.document import Document, Event
from warwire.annotations.labels import CORE_LABELS, EVENT_TYPES
from warwire.evaluate.counts import Counts, Share
from warwire.evaluate.fillers import Slots, compare, slots_of
from warwire.evaluate.pairs import Pair

CORE_ROLES: Final = tuple(label.lower() for label in CORE_LABELS)
"""The roles that an exact tuple must have right: weapon, count, place, speaker."""


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """A gold and a predicted event of one type that the alignment joined.

    `sim` is above 0 and at most 1; `exact` says whether all fillers of the core roles agree, empty slots
    included.
    """

    gold: Event
    predicted: Event
    sim: Fraction
    exact: bool
    same_trigger: bool

    @property
    def same_status(self) -> bool:
        """Whether the statuses are equal."""
        return self.gold.status == self.predicted.status


@dataclass(frozen=True, slots=True)
class TupleScores:
    """Tuple F1 (overall and by event type), exact tuple F1, and the status over the aligned pairs."""

    tuples: Counts = field(default_factory=Counts)
    exact: Counts = field(default_factory=Counts)
    status: Share = field(default_factory=Share)
    by_type: dict[str, Counts] = field(default_factory=lambda: dict.fromkeys(EVENT_TYPES, Counts()))

    def __add__(self, other: "TupleScores") -> "TupleScores":
        by_type = {kind: self.by_type[kind] + other.by_type[kind] for kind in EVENT_TYPES}
        return TupleScores(self.tuples + other.tuples, self.exact + other.exact, self.status + other.status, by_type)


@dataclass(frozen=True, slots=True)
class _Candidate:
    event: Event
    trigger: tuple[int, int]
    slots: Slots


def score_tuples(pairs: Iterable[Pair]) -> TupleScores:
    """The tuple scores of documents and their predictions."""
    return sum((_score_pair(pair) for pair in pairs), TupleScores())


def align(gold: Document, predicted: Document) -> tuple[AlignedPair, ...]:
    """Events of one text joined one to one, same type only, so that the sum of similarities is greatest.

    Of several such alignments the one with the most equal triggers is taken, then the most exact pairs, then
    the most equal statuses: the scores must not depend on the order in which events are listed.
    """
    ours, theirs = _by_type(gold), _by_type(predicted)
    joined: list[AlignedPair] = []
    for kind in EVENT_TYPES:
        if kind in ours and kind in theirs:
            joined += _align(ours[kind], theirs[kind])
    return tuple(joined)


def _score_pair(pair: Pair) -> TupleScores:
    joined = align(pair.gold, pair.predicted)
    gold, predicted = len(pair.gold.events), len(pair.predicted.events)
    by_type = {
        kind: Counts(
            sum(one.sim for one in joined if one.gold.type == kind),
            sum(event.type == kind for event in pair.predicted.events),
            sum(event.type == kind for event in pair.gold.events),
        )
        for kind in EVENT_TYPES
    }
    return TupleScores(
        Counts(sum(one.sim for one in joined), predicted, gold),
        Counts(sum(one.exact for one in joined), predicted, gold),
        Share(sum(one.same_status for one in joined), len(joined)),
        by_type,
    )


def _by_type(document: Document) -> dict[str, list[_Candidate]]:
    spans = document.span_by_id()
    by_type: dict[str, list[_Candidate]] = {}
    for event in document.events:
        trigger = spans[event.trigger]
        candidate = _Candidate(event, (trigger.start, trigger.end), slots_of(document, event))
        by_type.setdefault(event.type, []).append(candidate)
    return by_type


def _align(gold: Sequence[_Candidate], predicted: Sequence[_Candidate]) -> list[AlignedPair]:
    from scipy.optimize import linear_sum_assignment

    options = [[_join(one, other) for other in predicted] for one in gold]
    rows, columns = linear_sum_assignment(_weights(options), maximize=True)
    return [options[row][column] for row, column in zip(rows, columns, strict=True)]


def _join(gold: _Candidate, predicted: _Candidate) -> AlignedPair:
    agreement = compare(gold.slots, predicted.slots)
    return AlignedPair(
        gold.event,
        predicted.event,
        agreement.sim,
        agreement.complete(CORE_ROLES),
        gold.trigger == predicted.trigger,
    )


def _weights(options: Sequence[Sequence[AlignedPair]]) -> list[list[float]]:
    """Similarities as whole numbers over a common denominator, with the tie-breakers as lower digits.

    A digit's base exceeds the number of pairs, so that no sum of lower digits makes up for a higher one. As
    floats the numbers are exact up to 2**53; beyond that the lower digits blur, and tuple F1 stays the same.
    """
    common = lcm(*(option.sim.denominator for row in options for option in row))
    base = min(len(options), len(options[0])) + 1

    def weight(option: AlignedPair) -> float:
        number = int(option.sim * common)
        for digit in (option.same_trigger, option.exact, option.same_status):
            number = number * base + digit
        return float(number)

    return [[weight(option) for option in row] for row in options]
