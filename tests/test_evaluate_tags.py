"""Tag, trigger and argument scores on hand-worked texts."""

import pytest

from warwire.annotations.document import Document, Span
from warwire.annotations.formats.inline import parse_inline
from warwire.annotations.labels import CORE_LABELS
from warwire.evaluate.arguments import arguments_by_role, triggers
from warwire.evaluate.counts import Counts, Share
from warwire.evaluate.pairs import Pair
from warwire.evaluate.tags import cut, iob2_tags, relaxed, seqeval_strict, strict_by_label


def document(body: str, *events: str) -> Document:
    return parse_inline("\n".join(["# id: d1", body, "---", *events]))


TAG_CASES = {
    "the same two spans": (
        "[Grad rockets|WEAPON:w1] hit [Almeda|PLACE:p1].",
        "[Grad rockets|WEAPON:w1] hit [Almeda|PLACE:p1].",
        Counts(2, 2, 2),
        2,
    ),
    "a boundary off by a word: relaxed only": (
        "[Grad rockets|WEAPON:w1] hit [Almeda|PLACE:p1].",
        "Grad [rockets|WEAPON:w1] hit [Almeda|PLACE:p1].",
        Counts(1, 2, 2),
        2,
    ),
    "a boundary inside a word: relaxed only": (
        "[Grads|WEAPON:w1] hit it.",
        "[Grad|WEAPON:w1]s hit it.",
        Counts(0, 1, 1),
        1,
    ),
    "another label: neither": ("[Almeda|PLACE:p1] said", "[Almeda|SPEAKER:s1] said", Counts(0, 1, 1), 0),
    "one long span for two gold ones: used once": (
        "[Almeda|PLACE:p1] and [Rivo|PLACE:p2]",
        "[Almeda and Rivo|PLACE:p1]",
        Counts(0, 1, 2),
        1,
    ),
    "a chain of overlaps, three in either: greedy from the left pairs them all": (
        "[a b|PLACE:p1] [c d|PLACE:p2] [e f|PLACE:p3]",
        "a [b c|PLACE:p1] [d e|PLACE:p2] [f|PLACE:p3]",
        Counts(0, 3, 3),
        3,
    ),
    "touching spans of one label stay two": (
        "[Almeda|PLACE:p1][Rivo|PLACE:p2]",
        "[AlmedaRivo|PLACE:p1]",
        Counts(0, 1, 2),
        1,
    ),
    "nothing predicted": ("[Almeda|PLACE:p1] burned", "Almeda burned", Counts(0, 0, 1), 0),
    "nothing to find": ("Almeda burned", "[Almeda|PLACE:p1] burned", Counts(0, 1, 0), 0),
    "nothing at all": ("Almeda burned", "Almeda burned", Counts(0, 0, 0), 0),
}


@pytest.mark.parametrize(("gold", "predicted", "strict", "overlapping"), TAG_CASES.values(), ids=TAG_CASES)
def test_tag_scores(gold: str, predicted: str, strict: Counts, overlapping: int) -> None:
    pairs = [Pair(document(gold), document(predicted))]
    assert sum(strict_by_label(pairs).values(), Counts()) == strict
    assert relaxed(pairs) == Counts(overlapping, strict.predicted, strict.gold)
    by_seqeval = seqeval_strict(pairs)
    assert by_seqeval.gold == strict.gold
    assert [by_seqeval.precision, by_seqeval.recall, by_seqeval.f1] == pytest.approx(
        [strict.precision, strict.recall, strict.f1]
    )


def test_core_tags_leave_the_other_labels_out() -> None:
    gold = document("[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1]", "e1: agent=a1")
    found = document("[Rebels|SPEAKER:s1] fired [nine|COUNT:c1] rockets")
    core = seqeval_strict([Pair(gold, found)], CORE_LABELS)
    assert (core.precision, core.recall, core.f1, core.gold) == (1 / 2, 1 / 2, 1 / 2, 2)


def test_scores_are_micro_averaged_over_documents() -> None:
    full = document("[a|PLACE:p1] [b|PLACE:p2] [c|PLACE:p3]")
    pairs = [Pair(full, full), Pair(document("[a|PLACE:p1] x"), document("a [x|PLACE:p1]"))]
    assert strict_by_label(pairs)["PLACE"] == Counts(3, 4, 4)
    assert seqeval_strict(pairs).f1 == pytest.approx(3 / 4)


def test_a_span_that_takes_in_white_space_is_wrong_for_seqeval_too() -> None:
    gold = Document("d1", "ab cd", spans=(Span("x", 0, 2, "PLACE"),))
    found = Document("d1", "ab cd", spans=(Span("y", 0, 3, "PLACE"),))
    assert seqeval_strict([Pair(gold, found)]).f1 == 0
    assert strict_by_label([Pair(gold, found)])["PLACE"] == Counts(0, 1, 1)


def test_tokens_are_words_marks_and_white_space_cut_at_spans() -> None:
    spans = [Span("x", 1, 5, "PLACE")]
    cuts = cut("ab cd, e", spans)
    assert cuts == [0, 1, 2, 3, 5, 6, 7, 8]
    assert iob2_tags(cuts, spans) == ["O", "B-PLACE", "I-PLACE", "I-PLACE", "O", "O", "O"]


TEXT = "[Rebels|ACTOR:a1] [shelled|STRIKE:e1] [Almeda|PLACE:p1] and [hit|STRIKE:e2] [Rivo|PLACE:p2]"
TRIGGER_CASES = {
    "both right": (["e1: agent=a1", "e2: agent=a1"], Counts(2, 2, 2)),
    "one missed": (["e1: agent=a1"], Counts(1, 1, 2)),
    "two events of one trigger are one trigger": (["e1:", "e3: trigger=e1", "e2:"], Counts(2, 2, 2)),
}


@pytest.mark.parametrize(("events", "expected"), TRIGGER_CASES.values(), ids=TRIGGER_CASES)
def test_trigger_scores(events: list[str], expected: Counts) -> None:
    assert triggers([Pair(document(TEXT, "e1:", "e2:"), document(TEXT, *events))]) == expected


ARGUMENT_CASES = {
    "the same": (["e1: agent=a1 place=p1", "e2: place=p2"], Counts(1, 1, 1), Counts(2, 2, 2)),
    "another trigger of the same type": (["e2: agent=a1 place=p1,p2"], Counts(1, 1, 1), Counts(2, 2, 2)),
    "another role": (["e1: target=a1 place=p1", "e2: place=p2"], Counts(0, 0, 1), Counts(2, 2, 2)),
    "an argument that two events share counts once": (
        ["e1: agent=a1 place=p1", "e2: agent=a1 place=p1"],
        Counts(1, 1, 1),
        Counts(1, 1, 2),
    ),
}


@pytest.mark.parametrize(("events", "agent", "place"), ARGUMENT_CASES.values(), ids=ARGUMENT_CASES)
def test_argument_scores(events: list[str], agent: Counts, place: Counts) -> None:
    gold = document(TEXT, "e1: agent=a1 place=p1", "e2: place=p2")
    counts = arguments_by_role([Pair(gold, document(TEXT, *events))])
    assert (counts["agent"], counts["place"]) == (agent, place)


def test_an_argument_of_another_event_type_is_wrong() -> None:
    gold = document("[hit|STRIKE:e1] [Rivo|PLACE:p1]", "e1: place=p1")
    found = document("[hit|DAMAGE:e1] [Rivo|PLACE:p1]", "e1: place=p1")
    assert arguments_by_role([Pair(gold, found)])["place"] == Counts(0, 1, 1)
    assert triggers([Pair(gold, found)]) == Counts(0, 1, 1)


def test_counts_add_and_ratios_are_derived() -> None:
    total = Counts(1, 2, 4) + Counts(2, 2, 2)
    assert total == Counts(3, 4, 6)
    assert (total.precision, total.recall, total.f1) == (3 / 4, 3 / 6, 6 / 10)
    assert (Share(1, 2) + Share(2, 2)).accuracy == 3 / 4


def test_a_ratio_of_nothing_is_zero() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1, Share().accuracy) == (0, 0, 0, 0)


@pytest.mark.parametrize("numbers", [(3, 2, 4), (3, 4, 2), (-1, 2, 2)])
def test_counts_cannot_be_built_wrong(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="right of"):
        Counts(*numbers)


@pytest.mark.parametrize("numbers", [(3, 2), (-1, 2)])
def test_shares_cannot_be_built_wrong(numbers: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="right of"):
        Share(*numbers)
