"""Properties of the scores over drawn documents, and oracles that compute the same in another way."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import groupby, pairwise, permutations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from warwire.annotations.document import Argument, Document, Event, Span
from warwire.annotations.labels import CORE_LABELS, EVENT_TYPES, LABELS, ROLE_FILLERS, STATUSES
from warwire.evaluate.arguments import arguments_by_role, triggers
from warwire.evaluate.counts import Counts
from warwire.evaluate.fillers import compare, slots_of
from warwire.evaluate.pairs import Pair, pair_documents
from warwire.evaluate.tags import relaxed, seqeval_strict, strict_by_label
from warwire.evaluate.tuples import align, score_tuples

FEW_LABELS = ("PLACE", "COUNT", "WEAPON", "ACTOR", "SPEAKER", "STRIKE", "KILL")
TEXTS = st.lists(st.sampled_from(["Rivo", "rivo", "12", "a dozen", "drones", "é", ",", "\n", "😀"]), max_size=16)

# The first call imports seqeval and scipy, which takes longer than any deadline.
properties = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def span_lists(draw: st.DrawFn, text: str, prefix: str, labels: tuple[str, ...] = FEW_LABELS) -> tuple[Span, ...]:
    offsets = sorted(draw(st.sets(st.integers(0, len(text)), max_size=14)))
    found = [(start, end, draw(st.sampled_from(labels))) for start, end in pairwise(offsets) if draw(st.booleans())]
    return tuple(Span(f"{prefix}{i}", *item) for i, item in enumerate(found))


@st.composite
def annotations(draw: st.DrawFn, text: str, name: str, prefix: str) -> Document:
    spans = draw(span_lists(text, prefix))
    heads = [span for span in spans if span.label in EVENT_TYPES]
    events = []
    for i in range(draw(st.integers(0, 5)) if heads else 0):
        head = draw(st.sampled_from(heads))
        options = [
            (r, s.id) for r in ("agent", "place", "origin", "count") for s in spans if s.label in ROLE_FILLERS[r]
        ]
        chosen = draw(st.lists(st.sampled_from(options), unique=True, max_size=4)) if options else []
        arguments = tuple(Argument(role, span) for role, span in chosen)
        events.append(Event(f"{prefix}E{i}", head.label, head.id, arguments, draw(st.sampled_from(STATUSES[:2]))))
    return Document(name, text, spans=spans, events=tuple(events))


@st.composite
def document_pairs(draw: st.DrawFn, name: str = "d1") -> Pair:
    text = " ".join(draw(TEXTS))
    return Pair(draw(annotations(text, name, "g")), draw(annotations(text, name, "p")))


@st.composite
def tagged_pairs(draw: st.DrawFn) -> Pair:
    text = draw(st.text(max_size=25))
    gold = draw(span_lists(text, "g", LABELS))
    kept = [span for span in gold if draw(st.booleans())]
    predicted = tuple(kept) if draw(st.booleans()) else draw(span_lists(text, "p", LABELS))
    return Pair(Document("d1", text, spans=gold), Document("d1", text, spans=predicted))


def total(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())


@properties
@given(st.lists(tagged_pairs(), min_size=1, max_size=3))
def test_span_sets_and_seqeval_give_the_same_figures(pairs: list[Pair]) -> None:
    by_label = strict_by_label(pairs)
    for labels in (LABELS, CORE_LABELS):
        ours, theirs = total(by_label[label] for label in labels), seqeval_strict(pairs, labels)
        assert theirs.gold == ours.gold
        assert (theirs.precision, theirs.recall, theirs.f1) == pytest.approx((ours.precision, ours.recall, ours.f1))


@properties
@given(st.lists(tagged_pairs(), min_size=1, max_size=3), st.sampled_from(FEW_LABELS))
def test_one_label_by_span_sets_and_by_seqeval(pairs: list[Pair], label: str) -> None:
    assert seqeval_strict(pairs, [label]).f1 == pytest.approx(strict_by_label(pairs)[label].f1)


@properties
@given(document_pairs())
def test_relaxed_is_a_maximum_matching(pair: Pair) -> None:
    gold, predicted = pair.gold.spans, pair.predicted.spans
    edges = np.array([[g.label == p.label and g.overlaps(p) for p in predicted] for g in gold], dtype=int)
    most = int((maximum_bipartite_matching(csr_matrix(edges)) >= 0).sum()) if gold and predicted else 0
    assert relaxed([pair]).right == most


@properties
@given(document_pairs())
def test_relaxed_is_at_least_strict(pair: Pair) -> None:
    assert relaxed([pair]).right >= total(strict_by_label([pair]).values()).right


@properties
@given(document_pairs())
def test_similarity_is_symmetric_and_in_range(pair: Pair) -> None:
    ours = [slots_of(pair.gold, event) for event in pair.gold.events]
    theirs = [slots_of(pair.predicted, event) for event in pair.predicted.events]
    for one in ours:
        assert compare(one, one).sim == 1
        for other in theirs:
            assert compare(one, other).sim == compare(other, one).sim
            assert 0 < compare(one, other).sim <= 1


@properties
@given(document_pairs())
def test_alignment_is_the_best_of_all_permutations(pair: Pair) -> None:
    ours = {kind: list(events) for kind, events in _by_type(pair.gold)}
    theirs = {kind: list(events) for kind, events in _by_type(pair.predicted)}
    best = sum((_best_sum(pair, ours[kind], theirs[kind]) for kind in ours.keys() & theirs.keys()), start=Fraction(0))
    assert score_tuples([pair]).tuples.right == best


@properties
@given(document_pairs())
def test_every_event_is_aligned_at_most_once_and_as_many_as_can_be(pair: Pair) -> None:
    joined = align(pair.gold, pair.predicted)
    assert len({one.gold.id for one in joined}) == len({one.predicted.id for one in joined}) == len(joined)
    ours = [event.type for event in pair.gold.events]
    theirs = [event.type for event in pair.predicted.events]
    assert len(joined) == sum(min(ours.count(kind), theirs.count(kind)) for kind in EVENT_TYPES)


@properties
@given(document_pairs(), st.randoms(use_true_random=False))
def test_a_perfect_prediction_scores_one(pair: Pair, random: object) -> None:
    gold = pair.gold
    same = [Pair(gold, shuffled(renamed(gold), random))]
    scores = score_tuples(same)
    spans, events = len(gold.spans), len(gold.events)
    assert total(strict_by_label(same).values()) == relaxed(same) == Counts(spans, spans, spans)
    assert scores.tuples == scores.exact == Counts(events, events, events)
    assert (scores.status.right, scores.status.total) == (events, events)
    for counts in (triggers(same), *arguments_by_role(same).values(), *scores.by_type.values()):
        assert counts.right == counts.predicted == counts.gold
    assert seqeval_strict(same).f1 == (1 if spans else 0)


@properties
@given(document_pairs("d1"), document_pairs("d2"), st.randoms(use_true_random=False))
def test_order_and_ids_do_not_matter(one: Pair, other: Pair, random: object) -> None:
    gold, predicted = [one.gold, other.gold], [one.predicted, other.predicted]
    pairs = pair_documents(gold, predicted)
    mixed = pair_documents(
        [shuffled(document, random) for document in reversed(gold)],
        [shuffled(renamed(document), random) for document in predicted],
    )
    assert score_tuples(mixed) == score_tuples(pairs)
    assert (triggers(mixed), arguments_by_role(mixed)) == (triggers(pairs), arguments_by_role(pairs))
    assert (relaxed(mixed), strict_by_label(mixed)) == (relaxed(pairs), strict_by_label(pairs))
    assert seqeval_strict(mixed) == seqeval_strict(pairs)


@properties
@given(document_pairs("d1"), document_pairs("d2"))
def test_scores_of_documents_add(one: Pair, other: Pair) -> None:
    assert score_tuples([one, other]) == score_tuples([one]) + score_tuples([other])
    assert relaxed([one, other]) == relaxed([one]) + relaxed([other])


def renamed(document: Document) -> Document:
    spans = tuple(replace(span, id=f"x{span.id}") for span in document.spans)
    events = tuple(
        replace(
            event,
            id=f"x{event.id}",
            trigger=f"x{event.trigger}",
            arguments=tuple(replace(argument, span=f"x{argument.span}") for argument in event.arguments),
        )
        for event in document.events
    )
    return replace(document, spans=spans, events=events)


def shuffled(document: Document, random: object) -> Document:
    spans, events = list(document.spans), list(document.events)
    random.shuffle(spans)  # type: ignore[attr-defined]
    random.shuffle(events)  # type: ignore[attr-defined]
    return replace(document, spans=tuple(spans), events=tuple(events))


def _by_type(document: Document) -> Iterable[tuple[str, Iterable[Event]]]:
    return groupby(sorted(document.events, key=lambda event: event.type), key=lambda event: event.type)


def _best_sum(pair: Pair, ours: list[Event], theirs: list[Event]) -> Fraction:
    gold = [slots_of(pair.gold, event) for event in ours]
    predicted = [slots_of(pair.predicted, event) for event in theirs]
    few, many = sorted((gold, predicted), key=len)
    return max(
        sum((compare(a, b).sim for a, b in zip(few, chosen, strict=True)), start=Fraction(0))
        for chosen in permutations(many, len(few))
    )
