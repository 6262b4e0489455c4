"""Tuple scores on hand-worked texts: similarity, alignment, exactness, status."""

from fractions import Fraction

import pytest

from warwire.annotations.document import Document
from warwire.annotations.formats.inline import parse_inline
from warwire.evaluate.counts import Counts, Share
from warwire.evaluate.pairs import Pair
from warwire.evaluate.tuples import AlignedPair, align, score_tuples


def document(body: str, *events: str) -> Document:
    return parse_inline("\n".join(["# id: d1", body, "---", *events]))


def only_pair(gold: Document, predicted: Document) -> AlignedPair:
    (pair,) = align(gold, predicted)
    return pair


RAID = (
    "[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] from [Sel|PLACE:p1] "
    "at [Rivo|PLACE:p2] on [Monday|TIME:t1], [TASS|SPEAKER:s1] said. The [9|COUNT:c2] fell on "
    "[RIVO|PLACE:p3], not [Uda|PLACE:p4]."
)
# sim = 2 * (1 + agreed) / (2 + gold fillers + predicted fillers)
SIM_CASES = {
    "no fillers at all: 2*1/2": ("e1:", "e1:", Fraction(1)),
    "three of three: 2*4/8": (
        "e1: agent=a1 count=c1 weapon=w1",
        "e1: agent=a1 count=c1 weapon=w1",
        Fraction(1),
    ),
    "one of two and two: 2*2/6": ("e1: agent=a1 place=p2", "e1: agent=a1 place=p4", Fraction(2, 3)),
    "none of two and none: 2*1/4": ("e1: agent=a1 weapon=w1", "e1:", Fraction(1, 2)),
    "another role does not agree: 2*1/4": ("e1: origin=p1", "e1: place=p1", Fraction(1, 2)),
    "the same name elsewhere, case folded: 2*2/4": ("e1: place=p2", "e1: place=p3", Fraction(1)),
    "the same number elsewhere, in words: 2*2/4": ("e1: count=c1", "e1: count=c2", Fraction(1)),
    "a filler is used once, one and two: 2*2/5": ("e1: place=p2", "e1: place=p2,p3", Fraction(4, 5)),
    "status plays no part: 2*1/2": ("e1:", "e1: status=denied", Fraction(1)),
}


@pytest.mark.parametrize(("gold", "predicted", "sim"), SIM_CASES.values(), ids=SIM_CASES)
def test_similarity(gold: str, predicted: str, sim: Fraction) -> None:
    assert only_pair(document(RAID, gold), document(RAID, predicted)).sim == sim
    assert only_pair(document(RAID, predicted), document(RAID, gold)).sim == sim


AGREE, DIFFER = Fraction(1), Fraction(1, 2)  # one filler on either side: 2*2/4 or 2*1/4
FILLER_CASES = {
    "weapons that overlap": (
        "[Shahed drones|WEAPON:x] came",
        "Shahed [drones|WEAPON:x] came",
        "weapon",
        AGREE,
    ),
    "other weapons": ("[drones|WEAPON:x], jets", "drones, [jets|WEAPON:x]", "weapon", DIFFER),
    "overlapping counts of other ranges": ("[at least 71|COUNT:x]", "at least [71|COUNT:x]", "count", DIFFER),
    "overlapping counts of one range": ("[nearly 30|COUNT:x] men", "nearly [30|COUNT:x] men", "count", AGREE),
    "counts of one range elsewhere": ("[dozen|COUNT:x], then 12", "dozen, then [12|COUNT:x]", "count", AGREE),
    "open and closed range": (
        "[more than 100|COUNT:x], 101",
        "more than 100, [101|COUNT:x]",
        "count",
        DIFFER,
    ),
    "no ranges, one text": ("[Umpteen|COUNT:x], umpteen", "Umpteen, [umpteen|COUNT:x]", "count", AGREE),
    "no ranges, other texts": ("[umpteen odd|COUNT:x]", "[umpteen|COUNT:x] odd", "count", DIFFER),
    "a range and none": ("[12 umpteen|COUNT:x]", "[12|COUNT:x] umpteen", "count", DIFFER),
}


@pytest.mark.parametrize(("gold", "predicted", "role", "sim"), FILLER_CASES.values(), ids=FILLER_CASES)
def test_fillers_agree(gold: str, predicted: str, role: str, sim: Fraction) -> None:
    event = f"e1: {role}=x"
    pair = only_pair(document(f"{gold} [hit|STRIKE:e1]", event), document(f"{predicted} [hit|STRIKE:e1]", event))
    assert pair.sim == sim


def test_fillers_are_matched_as_many_as_can_be() -> None:
    # p1 agrees with q1 (its text) and q2 (overlap), p2 with q1 alone (overlap): p1 with q1 would leave p2 out
    gold = document("[hit|STRIKE:e1] [Rivo|PLACE:p1] port and [Rivo docks|PLACE:p2]", "e1: place=p1,p2")
    found = document("[hit|STRIKE:e1] [Rivo port|PLACE:q2] and [Rivo|PLACE:q1] docks", "e1: place=q1,q2")
    assert only_pair(gold, found).sim == 1


def test_alignment_takes_the_greatest_sum_not_the_best_pair_first() -> None:
    # gold A has agent, weapon, place, time; B has agent, weapon. Predicted C is A, D has place, time.
    # A-C + B-D = 1 + 2*1/6 = 4/3; A-D + B-C = 2*3/8 + 2*3/8 = 3/2
    text = "[men|ACTOR:a] [hit|STRIKE:e1] [Uda|PLACE:p] with [guns|WEAPON:w] [Monday|TIME:t], [again|STRIKE:e2]"
    gold = document(text, "e1: agent=a weapon=w place=p time=t", "e2: agent=a weapon=w")
    found = document(text, "e1: agent=a weapon=w place=p time=t", "e2: place=p time=t")
    assert {(pair.gold.id, pair.predicted.id) for pair in align(gold, found)} == {("e1", "e2"), ("e2", "e1")}
    assert score_tuples([Pair(gold, found)]).tuples == Counts(Fraction(3, 2), 2, 2)


def test_events_of_other_types_are_never_aligned() -> None:
    gold = document("[hit|STRIKE:e1] [Rivo|PLACE:p1]", "e1: place=p1")
    found = document("[hit|DAMAGE:e1] [Rivo|PLACE:p1]", "e1: place=p1")
    scores = score_tuples([Pair(gold, found)])
    assert (scores.tuples, scores.status) == (Counts(0, 1, 1), Share(0, 0))
    assert (scores.by_type["STRIKE"], scores.by_type["DAMAGE"]) == (Counts(0, 0, 1), Counts(0, 1, 0))


def test_tuple_precision_and_recall() -> None:
    # aligned: e1 with sim 1, e2 with 2*1/(2+1+0) = 2/3; predicted e3 finds no partner
    text = "[hit|STRIKE:e1] [Rivo|PLACE:p1], [shot|LAUNCH:e2] [guns|WEAPON:w1], [blast|STRIKE:e3] [Uda|PLACE:p2]"
    gold = document(text, "e1: place=p1", "e2: weapon=w1")
    found = document(text, "e1: place=p1", "e2:", "e3: place=p2")
    tuples = score_tuples([Pair(gold, found)]).tuples
    assert tuples == Counts(Fraction(5, 3), 3, 2)
    assert (tuples.precision, tuples.recall) == (pytest.approx(5 / 9), pytest.approx(5 / 6))
    assert tuples.f1 == pytest.approx(2 * (5 / 9) * (5 / 6) / (5 / 9 + 5 / 6))


FULL = "e1: agent=a1 count=c1 weapon=w1 origin=p1 place=p2 time=t1 speaker=s1"
EXACT_CASES = {
    "all the same": (FULL, FULL, True),
    "other roles may differ": (FULL, "e1: count=c1 weapon=w1 place=p2 speaker=s1", True),
    "nothing in either": ("e1: agent=a1", "e1: time=t1", True),
    "an empty slot filled": ("e1: weapon=w1", "e1: weapon=w1 count=c1", False),
    "a slot left empty": (FULL, "e1: count=c1 weapon=w1 place=p2", False),
    "another place": ("e1: place=p2", "e1: place=p4", False),
    "one place too many": ("e1: place=p2", "e1: place=p2,p3", False),
}


@pytest.mark.parametrize(("gold", "predicted", "exact"), EXACT_CASES.values(), ids=EXACT_CASES)
def test_exact_tuples(gold: str, predicted: str, exact: bool) -> None:
    pair = Pair(document(RAID, gold), document(RAID, predicted))
    assert score_tuples([pair]).exact == Counts(int(exact), 1, 1)


def test_status_is_scored_over_aligned_pairs() -> None:
    text = "[hit|STRIKE:e1] [Rivo|PLACE:p1], [raid|STRIKE:e2] [Uda|PLACE:p2], [blast|STRIKE:e3]"
    gold = document(text, "e1: place=p1 status=denied", "e2: place=p2", "e3:")
    found = document(text, "e1: place=p1 status=denied", "e2: place=p2 status=planned")
    assert score_tuples([Pair(gold, found)]).status == Share(1, 2)


def test_ties_go_to_the_same_trigger() -> None:
    # every pairing has sim 1 + 1; only the triggers tell that the statuses are swapped
    text = "[hit|STRIKE:e1], [blast|STRIKE:e2]"
    gold = document(text, "e1: status=denied", "e2:")
    found = document(text, "e1:", "e2: status=denied")
    assert score_tuples([Pair(gold, found)]).status == Share(0, 2)


def test_ties_under_one_trigger_do_not_depend_on_the_order() -> None:
    text = "[hit|STRIKE:e1]"
    gold = document(text, "e1: status=denied", "e2: trigger=e1")
    found = document(text, "e1:", "e2: trigger=e1 status=denied")
    assert score_tuples([Pair(gold, found)]).status == Share(2, 2)


@pytest.mark.parametrize("ours", [1, -1])
@pytest.mark.parametrize("theirs", [1, -1])
def test_ties_under_one_trigger_go_to_exact_pairs(ours: int, theirs: int) -> None:
    # either pairing sums to 2*2/5 + 2*1/3; with place joined to place both pairs are exact, else neither is
    text = "[men|ACTOR:a1] [hit|STRIKE:e1] [Rivo|PLACE:p1]"
    gold = document(text, *["e1: place=p1", "e2: trigger=e1 agent=a1"][::ours])
    found = document(text, *["e1: agent=a1 place=p1", "e2: trigger=e1"][::theirs])
    scores = score_tuples([Pair(gold, found)])
    assert scores.tuples.right == Fraction(4, 5) + Fraction(2, 3)
    assert scores.exact == Counts(2, 2, 2)


def test_documents_are_aligned_one_by_one() -> None:
    text = "[hit|STRIKE:e1] [Rivo|PLACE:p1]"
    full, empty = document(text, "e1: place=p1"), document(text)
    assert score_tuples([Pair(full, empty), Pair(empty, full)]).tuples == Counts(0, 1, 1)
