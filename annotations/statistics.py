"""Counts that describe a set of documents."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from warwire.annotations.document import Document
from warwire.annotations.labels import EVENT_TYPES, LABELS, ROLES, STATUSES


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers of documents, words (white-space separated), spans and events, with their breakdowns."""

    documents: int
    words: int
    spans: int
    events: int
    by_label: dict[str, int]
    by_type: dict[str, int]
    by_status: dict[str, int]
    by_role: dict[str, int]


def describe(documents: Iterable[Document]) -> Statistics:
    """The statistics of documents; every label, type, status and role is listed, also those at zero."""
    labels: Counter[str] = Counter()
    types: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    roles: Counter[str] = Counter()
    count = words = 0
    for document in documents:
        count += 1
        words += len(document.text.split())
        labels.update(span.label for span in document.spans)
        types.update(event.type for event in document.events)
        statuses.update(event.status for event in document.events)
        roles.update(argument.role for event in document.events for argument in event.arguments)
    return Statistics(
        count,
        words,
        labels.total(),
        types.total(),
        {label: labels[label] for label in LABELS},
        {kind: types[kind] for kind in EVENT_TYPES},
        {status: statuses[status] for status in STATUSES},
        {role: roles[role] for role in ROLES},
    )
