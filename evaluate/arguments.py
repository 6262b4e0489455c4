"""Trigger and argument scores: exact spans of events, as sets of one document.

Sets, as in the ACE evaluations: two events of one trigger are one trigger, and an argument that two events
of one type share in one role is one argument. The trigger of an argument's event need not match.
"""

from collections.abc import Iterable

from warwire.annotations.document import Document
from warwire.annotations.labels import ROLES
from warwire.evaluate.counts import Counts
from warwire.evaluate.pairs import Pair


def triggers(pairs: Iterable[Pair]) -> Counts:
    """Triggers of events with the same start, end and type; trigger spans without an event do not count."""
    total = Counts()
    for pair in pairs:
        gold, predicted = _triggers(pair.gold), _triggers(pair.predicted)
        total += Counts(len(gold & predicted), len(predicted), len(gold))
    return total


def arguments_by_role(pairs: Iterable[Pair]) -> dict[str, Counts]:
    """Arguments with the same event type, role, start and end, by role; every role is a key."""
    counts = dict.fromkeys(ROLES, Counts())
    for pair in pairs:
        gold, predicted = _arguments(pair.gold), _arguments(pair.predicted)
        for role in ROLES:
            ours, theirs = gold.get(role, set()), predicted.get(role, set())
            counts[role] += Counts(len(ours & theirs), len(theirs), len(ours))
    return counts


def _triggers(document: Document) -> set[tuple[str, int, int]]:
    spans = document.span_by_id()
    return {(event.type, spans[event.trigger].start, spans[event.trigger].end) for event in document.events}


def _arguments(document: Document) -> dict[str, set[tuple[str, int, int]]]:
    spans = document.span_by_id()
    by_role: dict[str, set[tuple[str, int, int]]] = {}
    for event in document.events:
        for argument in event.arguments:
            span = spans[argument.span]
            by_role.setdefault(argument.role, set()).add((event.type, span.start, span.end))
    return by_role
