"""How our scores stand to CEAF-REE, the entity score of the MUC-4 role-filler task.

CEAF-REE takes all events of a document together: for each role, gold and predicted entities are aligned one to one
so that the sum of phi is greatest; phi is 1 where the predicted entity is a subset of the gold one. Our spans are not
clustered, so that an entity is a single mention.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from conftest import made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from test_evaluate_properties import document_pairs

from warwire.annotations.document import Argument, Document, Event, Span
from warwire.evaluate.arguments import arguments_by_role
from warwire.evaluate.counts import Counts
from warwire.evaluate.fillers import fillers_agree, slots_of
from warwire.evaluate.pairs import Pair
from warwire.evaluate.tuples import score_tuples

properties = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))

Entities = Mapping[Any, Sequence[Any]]
"""The entities of a document by role."""


def ceaf_ree(gold: Entities, predicted: Entities, phi: Callable[[Any, Any, Any], bool]) -> Counts:
    """CEAF-REE of one document, over all roles: phi takes the role, a gold and a predicted entity."""
    right = 0
    for role in gold.keys() & predicted.keys():
        table = np.array([[phi(role, one, other) for other in predicted[role]] for one in gold[role]], dtype=float)
        rows, columns = linear_sum_assignment(table, maximize=True)
        right += int(table[rows, columns].sum())
    return Counts(right, sum(map(len, predicted.values())), sum(map(len, gold.values())))


def mentions(document: Document) -> Entities:
    """Entities by event type and role; an entity is the set of its mentions, here one place in the text."""
    spans = document.span_by_id()
    found: dict[Any, set[frozenset[tuple[int, int]]]] = {}
    for event in document.events:
        for argument in event.arguments:
            span = spans[argument.span]
            found.setdefault((event.type, argument.role), set()).add(frozenset({(span.start, span.end)}))
    return {role: list(entities) for role, entities in found.items()}


def fillers(document: Document) -> Entities:
    """The fillers of all events by role, with a role more, `type`, that every event fills with its type."""
    found: dict[Any, list[Any]] = {}
    for event in document.events:
        found.setdefault("type", []).append(event.type)
        for role, held in slots_of(document, event).by_role.items():
            if held:
                found.setdefault(role, []).extend(held)
    return found


def says_the_same(role: str, one: Any, other: Any) -> bool:
    return one == other if role == "type" else fillers_agree(role, one, other)


@properties
@given(document_pairs())
def test_argument_f1_is_ceaf_ree_with_a_role_for_each_event_type(pair: Pair) -> None:
    ours = sum(arguments_by_role([pair]).values(), Counts())
    assert ours == ceaf_ree(mentions(pair.gold), mentions(pair.predicted), lambda _, one, other: other <= one)


WORDS = ("killed", "Rivo", "rivo", "Lira", "12", "a dozen", "some", "men", "Men")
FILLED_BY = {"place": (1, 2, 3), "origin": (1, 3), "count": (4, 5, 6), "target": (3, 7, 8)}
OPTIONS = [(role, i) for role, words in FILLED_BY.items() for i in words]


@st.composite
def single_events(draw: st.DrawFn) -> Document:
    """One event of the first word with some of the others as fillers."""
    starts = [sum(len(word) + 1 for word in WORDS[:i]) for i in range(len(WORDS))]
    labels = ("KILL", "PLACE", "PLACE", "PLACE", "COUNT", "COUNT", "COUNT", "TARGET", "TARGET")
    spans = [
        Span(f"T{i}", start, start + len(word), label)
        for i, (start, word, label) in enumerate(zip(starts, WORDS, labels, strict=True))
    ]
    chosen = draw(st.lists(st.sampled_from(OPTIONS), unique=True, max_size=6))
    event = Event("E1", "KILL", "T0", tuple(Argument(role, f"T{i}") for role, i in chosen))
    return Document("d", " ".join(WORDS), spans=tuple(spans), events=(event,))


@properties
@given(single_events(), single_events())
def test_tuple_f1_of_single_events_is_ceaf_ree_with_the_type_as_a_filler(gold: Document, predicted: Document) -> None:
    theirs = ceaf_ree(fillers(gold), fillers(predicted), says_the_same)
    assert score_tuples([Pair(gold, predicted)]).tuples.f1 == pytest.approx(theirs.f1)


TWO_EVENTS = (
    "[Two|COUNT:c1] were [killed|KILL:e1] in [Rivo|PLACE:p1] and [nine|COUNT:c2] [killed|KILL:e2] in [Lira|PLACE:p2]."
    "\n---\n"
)
RIGHT = TWO_EVENTS + "e1: count=c1 place=p1\ne2: count=c2 place=p2"
CROSSED = TWO_EVENTS + "e1: count=c1 place=p2\ne2: count=c2 place=p1"
JOINED = TWO_EVENTS + "e1: count=c1,c2 place=p1,p2"


@pytest.mark.parametrize(
    ("predicted", "ceaf", "tuples"),
    [(RIGHT, 1, 1), (CROSSED, 1, 2 / 3), (JOINED, 10 / 11, 1 / 2)],
    ids=["right", "fillers of two events exchanged", "two events made one"],
)
def test_tuple_f1_sees_wrong_links_that_ceaf_ree_does_not(predicted: str, ceaf: float, tuples: float) -> None:
    pair = Pair(made(RIGHT), made(predicted))
    found = ceaf_ree(fillers(pair.gold), fillers(pair.predicted), says_the_same)
    assert (found.f1, score_tuples([pair]).tuples.f1) == pytest.approx((ceaf, tuples))
