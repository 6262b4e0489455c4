"""What kinds of errors a reader is shown, how they are counted, and the figures beside them."""

from dataclasses import replace

import pytest
from conftest import made
from hypothesis import HealthCheck, given, settings
from test_evaluate_properties import document_pairs

from warwire.annotations.document import Document
from warwire.annotations.labels import LABELS
from warwire.evaluate.confusion import confusion
from warwire.evaluate.document_counts import count_documents
from warwire.evaluate.error_patterns import error_patterns
from warwire.evaluate.errors import errors_of
from warwire.evaluate.event_counts import event_counts
from warwire.evaluate.intervals import Resampling
from warwire.evaluate.linking_loss import linking_loss
from warwire.evaluate.pairs import Pair
from warwire.evaluate.tags import strict_by_label

properties = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

GOLD = (
    "[Police|SPEAKER:s1] said [rebels|ACTOR:a1] [killed|KILL:e1] [two|COUNT:c1] in the [Rivo region|PLACE:p1].\n---\n"
    "e1: agent=a1 count=c1 place=p1 speaker=s1"
)


def told(predicted: str, gold: str = GOLD) -> list[str]:
    return [f"{item.kind}: {item.words}" for item in errors_of(Pair(made(gold), made(predicted)))]


CASES = {
    "nothing wrong": (GOLD, []),
    "a span missed counts once, with its argument": (
        GOLD.replace("[two|COUNT:c1]", "two").replace(" count=c1", ""),
        ["missed: COUNT missed: 'two'"],
    ),
    "a spurious span counts once, with its argument": (
        GOLD.replace("the [", "[the|TARGET:g1] [").replace("---\ne1:", "---\ne1: target=g1"),
        ["spurious: TARGET spurious: 'the'"],
    ),
    "a wrong label": (
        GOLD.replace("[Police|SPEAKER:s1]", "[Police|ACTOR:s1]").replace("speaker=s1", ""),
        ["label: 'Police': SPEAKER tagged as ACTOR"],
    ),
    "a wrong boundary": (
        GOLD.replace("[Rivo region|PLACE:p1]", "[Rivo|PLACE:p1] region"),
        ["boundary: PLACE boundary: 'Rivo region' tagged as 'Rivo'"],
    ),
    "an argument not linked": (
        GOLD.replace(" count=c1", ""),
        ["link: KILL 'killed': count 'two' is tagged but not linked"],
    ),
    "an argument in another role": (
        GOLD.replace("place=p1", "origin=p1"),
        ["link: KILL 'killed': 'Rivo region' is place, linked as origin"],
    ),
    "another status": (
        GOLD + " status=denied",
        ["link: KILL 'killed': asserted, predicted denied"],
    ),
    "a trigger without its event": (
        GOLD.partition("e1: ")[0],
        ["link: KILL 'killed': the trigger is tagged, an event is missing"],
    ),
    "an event too many": (
        GOLD + "\ne2: trigger=e1 place=p1",
        ["link: KILL 'killed': the trigger is tagged, an event is too many"],
    ),
    "a missed trigger counts once, with its event": (
        GOLD.replace("[killed|KILL:e1]", "killed").partition("e1: ")[0],
        ["missed: KILL missed: 'killed'"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_error_is_told_once(name: str) -> None:
    predicted, expected = CASES[name]
    assert told(predicted) == expected


def test_an_argument_linked_wrongly_is_told() -> None:
    without = GOLD.replace(" count=c1", "")
    assert told(GOLD, gold=without) == ["link: KILL 'killed': 'two' is linked wrongly as count"]


@properties
@given(document_pairs())
def test_a_document_has_no_errors_exactly_when_its_scores_are_whole(pair: Pair) -> None:
    assert errors_of(Pair(pair.gold, pair.gold)) == ()
    kinds = {item.kind for item in errors_of(pair)}
    wrong = any(one.right != max(one.gold, one.predicted) for one in strict_by_label([pair]).values())
    assert bool(kinds - {"link"}) == wrong


@properties
@given(document_pairs())
def test_errors_lie_in_the_text_in_its_order(pair: Pair) -> None:
    items = errors_of(pair)
    assert [item.start for item in items] == sorted(item.start for item in items)
    assert all(0 <= item.start < item.end <= len(pair.gold.text) for item in items)


def patterns(*predicted: str) -> dict[str, int]:
    errors = {f"d{i}": errors_of(Pair(made(GOLD), made(one))) for i, one in enumerate(predicted)}
    return {one.words: one.count for one in error_patterns(errors)}


def test_patterns_say_what_was_left_out_or_taken_in_and_count_it() -> None:
    cut, wide = GOLD.replace("[Rivo region|PLACE:p1]", "[Rivo|PLACE:p1] region"), GOLD.replace("the [Rivo", "[the Rivo")
    assert patterns(cut, cut, wide, wide, wide) == {
        "PLACE boundary": 5,
        "PLACE boundary: leading 'the' taken in": 3,
        "PLACE boundary: trailing 'region' left out": 2,
    }


def test_what_happens_once_is_no_pattern() -> None:
    assert patterns(GOLD.replace("[two|COUNT:c1]", "two").replace(" count=c1", "")) == {}


def test_patterns_point_to_documents_that_are_shown() -> None:
    wrong = GOLD.replace("[Police|SPEAKER:s1]", "[Police|ACTOR:s1]").replace("speaker=s1", "")
    errors = {name: errors_of(Pair(made(GOLD), made(wrong))) for name in ("a", "b", "c")}
    general, worded = error_patterns(errors, ["c", "a"])
    assert (general.count, general.examples, general.predicted_label) == (3, (("c", 0), ("a", 0)), "ACTOR")
    assert worded.words == "SPEAKER tagged as ACTOR: 'police'"


def test_confusion_joins_overlapping_spans_and_counts_the_rest_as_missed_and_spurious() -> None:
    predicted = GOLD.replace("[Police|SPEAKER:s1] said", "[Police|ACTOR:s1] [said|TIME:t1]").replace("speaker=s1", "")
    predicted = predicted.replace("[two|COUNT:c1]", "two").replace(" count=c1", "")
    found = confusion([Pair(made(GOLD), made(predicted))])
    assert dict(found.cells) == {
        ("SPEAKER", "ACTOR"): 1,
        ("ACTOR", "ACTOR"): 1,
        ("KILL", "KILL"): 1,
        ("PLACE", "PLACE"): 1,
        ("COUNT", None): 1,
        (None, "TIME"): 1,
    }


@properties
@given(document_pairs())
def test_rows_and_columns_of_the_confusion_matrix_sum_to_the_spans(pair: Pair) -> None:
    matrix = confusion([pair]).matrix
    for i, label in enumerate(LABELS):
        assert sum(matrix[i]) == sum(span.label == label for span in pair.gold.spans)
        assert sum(row[i] for row in matrix) == sum(span.label == label for span in pair.predicted.spans)


def with_events(number: int) -> Document:
    document = made("[Shelling|STRIKE:e1] of [Rivo|PLACE:p1].\n---\ne1: place=p1")
    return replace(document, events=tuple(replace(document.events[0], id=f"E{i}") for i in range(number)))


def test_event_counts_err_by_document_and_do_not_cancel_out() -> None:
    pairs = [Pair(with_events(2), with_events(number)) for number in (1, 2, 3, 2, 4, 2)]
    found = event_counts(pairs, Resampling(200)).overall
    assert (found.gold, found.predicted) == (12, 14)
    assert (found.mean_error.value, found.mean_absolute_error.value) == pytest.approx((2 / 6, 4 / 6))
    assert found.mean_error.low is not None
    assert found.mean_error.low < 0


def test_event_counts_of_types_are_those_of_that_type() -> None:
    found = event_counts([Pair(with_events(1), with_events(3))], Resampling(100)).by_type
    assert {kind: error.predicted for kind, error in found.items() if error.gold or error.predicted} == {"STRIKE": 3}


def test_what_linking_and_tagging_lose_makes_up_what_is_missing() -> None:
    wrong = made(GOLD.replace(" count=c1", "").replace("[Police|SPEAKER:s1]", "Police").replace(" speaker=s1", ""))
    best = made(GOLD.replace(" count=c1", ""))
    reached = count_documents([Pair(made(GOLD), wrong)] * 6).by_score["tuple"]
    ceiling = count_documents([Pair(made(GOLD), best)] * 6).by_score["tuple"]
    found = linking_loss(reached, ceiling, Resampling(100))
    assert (found.by_linking.value, found.by_tagging.value) == pytest.approx((1 / 9, 8 / 9 - 3 / 4))
    assert found.by_linking.low == pytest.approx(found.by_linking.value)
