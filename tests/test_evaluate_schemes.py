"""nervaluate's schemes: a table of cases, and nervaluate itself as the oracle."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator

from warwire.annotations.document import Document, Span
from warwire.annotations.labels import LABELS
from warwire.evaluate.pairs import Pair
from warwire.evaluate.schemes import SchemeCounts, scheme_counts
from warwire.evaluate.tags import strict_by_label

TEXT = "x" * 60
Place = tuple[int, int, str]


def pair(gold: list[Place], predicted: list[Place]) -> Pair:
    ours, theirs = (tuple(Span(f"T{i}", *one) for i, one in enumerate(side)) for side in (gold, predicted))
    return Pair(Document("d", TEXT, spans=ours), Document("d", TEXT, spans=theirs))


def counted(*fields: int) -> SchemeCounts:
    return SchemeCounts(*fields)


CASES = {
    "the same span": ([(0, 5, "PLACE")], [(0, 5, "PLACE")], "1000 1000 1000 1000"),
    "another label": ([(0, 5, "PLACE")], [(0, 5, "ACTOR")], "0100 1000 1000 0100"),
    "other ends": ([(0, 5, "PLACE")], [(2, 9, "PLACE")], "0100 0100 0010 1000"),
    "other ends and another label": ([(0, 5, "PLACE")], [(2, 9, "ACTOR")], "0100 0100 0010 0100"),
    "missed": ([(0, 5, "PLACE")], [], "0001 0001 0001 0001"),
    "spans that touch": ([(0, 5, "PLACE")], [(5, 9, "PLACE")], "0001 0001 0001 0001"),
    "one over two": ([(0, 5, "PLACE"), (6, 9, "ACTOR")], [(0, 9, "ACTOR")], "0101 0101 0011 1001"),
}
SPURIOUS = {"spans that touch": 1}


@pytest.mark.parametrize("name", CASES)
def test_each_scheme_counts_as_defined(name: str) -> None:
    gold, predicted, expected = CASES[name]
    found = scheme_counts([pair(gold, predicted)])
    wanted = [counted(*map(int, digits), SPURIOUS.get(name, 0)) for digits in expected.split()]
    assert [found[scheme] for scheme in ("strict", "exact", "partial", "type")] == wanted


@st.composite
def sides(draw: st.DrawFn) -> list[Place]:
    ends = sorted(draw(st.sets(st.integers(0, 60), max_size=16)))
    found = [(one, other, draw(st.sampled_from(["PLACE", "ACTOR"]))) for one, other in pairwise(ends)]
    return [place for place in found if draw(st.integers(0, 2))]


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(sides(), sides()), min_size=1, max_size=3))
def test_nervaluate_counts_the_same(documents: list[tuple[list[Place], list[Place]]]) -> None:
    pairs = [pair(*both) for both in documents]
    ours = scheme_counts(pairs)
    # nervaluate's ends are inclusive.
    gold, predicted = (
        [[{"start": s, "end": e - 1, "label": label} for s, e, label in both[side]] for both in documents]
        for side in (0, 1)
    )
    theirs = Evaluator(gold, predicted, tags=list(LABELS), loader="dict").evaluate()["overall"]
    for scheme, name in (("strict", "strict"), ("exact", "exact"), ("partial", "partial"), ("type", "ent_type")):
        for field in ("correct", "incorrect", "partial", "missed", "spurious", "possible", "actual"):
            assert getattr(ours[scheme], field) == getattr(theirs[name], field), (scheme, field)
        for ratio in ("precision", "recall", "f1"):
            assert getattr(ours[scheme], ratio) == pytest.approx(getattr(theirs[name], ratio)), (scheme, ratio)


@given(sides(), sides())
def test_the_strict_scheme_has_the_ratios_of_strict_tag_f1(gold: list[Place], predicted: list[Place]) -> None:
    found = scheme_counts([pair(gold, predicted)])["strict"]
    counts = [one for one in strict_by_label([pair(gold, predicted)]).values() if one.gold or one.predicted]
    right = sum(int(one.right) for one in counts)
    assert (found.correct, found.possible, found.actual) == (
        right,
        sum(one.gold for one in counts),
        sum(one.predicted for one in counts),
    )
