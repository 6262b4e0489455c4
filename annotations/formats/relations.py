"""Events as labelled relations between spans, for formats that know spans and relations but no events.

A relation goes from the trigger to the span that fills a role and is named after the role. The second event of one
trigger is told apart by a number, as in `target:2`. A relation of a trigger to itself, `status=denied` (or
`status=denied:2`), gives a status other than asserted, or an event (`status=asserted:2`) that has no argument.
A trigger without relations is an asserted event without arguments; `no-event`, to itself, says that it is none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.labels import EVENT_TYPES, ROLES, STATUSES

_LABEL: Final = re.compile(r"(?:(?P<role>[a-z]+)|status=(?P<status>[a-z]+))(?::(?P<number>[1-9]\d{0,5}))?")
_DEFAULT: Final = "asserted"
NO_EVENT: Final = "no-event"


@dataclass(frozen=True, slots=True)
class Relation:
    """A directed, labelled relation between two spans, by their ids."""

    start: str
    end: str
    label: str


def relations_of(document: Document) -> Iterator[Relation]:
    """The relations that tell the document's events, in their order."""
    seen: dict[str, int] = {}
    for event in document.events:
        seen[event.trigger] = number = seen.get(event.trigger, 0) + 1
        mark = f":{number}" if number > 1 else ""
        if event.status != _DEFAULT or (number > 1 and not event.arguments):
            yield Relation(event.trigger, event.trigger, f"status={event.status}{mark}")
        for argument in event.arguments:
            yield Relation(event.trigger, argument.span, f"{argument.role}{mark}")
    for span in document.spans:
        if span.is_trigger and span.id not in seen:
            yield Relation(span.id, span.id, NO_EVENT)


def event_records(spans: Iterable[Mapping[str, Any]], relations: Iterable[Relation]) -> list[dict[str, Any]]:
    """Events as records for `parse_record`, in the order of their triggers in the text.

    Args:
        spans: records with id, start and label, in any order.
        relations: as of `relations_of`, in any order; one that is there twice counts once.

    Raises:
        ValueError: a relation starts at no trigger, ends nowhere, or its label is none of ours; the message names it.
    """
    ordered = sorted(spans, key=lambda span: span["start"] if isinstance(span["start"], int) else 0)
    labels = {str(span["id"]): span["label"] for span in ordered}
    events = {(name, 1): _event(name, label) for name, label in labels.items() if label in EVENT_TYPES}
    given, none = set[str](), set[str]()
    for relation in dict.fromkeys(relations):
        if _check(relation, labels) == NO_EVENT:
            none.add(relation.start)
            continue
        given.add(relation.start)
        role, status, number = _read(relation)
        event = events.setdefault((relation.start, number), _event(relation.start, labels[relation.start]))
        if status is not None:
            event["status"] = status
        else:
            event["arguments"].append({"role": role, "span": relation.end})
    if both := sorted(given & none):
        raise ValueError(f"{both[0]!r} has the relation {NO_EVENT!r} and others; delete it, or the others")
    order = {name: position for position, name in enumerate(labels)}
    found = sorted((key for key in events if key[0] not in none), key=lambda key: (order[key[0]], key[1]))
    return [{"id": f"E{number}", **events[key]} for number, key in enumerate(found, 1)]


def _event(trigger: str, label: str) -> dict[str, Any]:
    return {"type": label, "trigger": trigger, "status": _DEFAULT, "arguments": []}


def _check(relation: Relation, labels: Mapping[str, str]) -> str:
    for name in (relation.start, relation.end):
        if name not in labels:
            raise ValueError(f"relation {relation.label!r} names the span {name!r}, which does not exist; delete it")
    if labels[relation.start] not in EVENT_TYPES:
        what = f"relation {relation.label!r} starts at {relation.start!r}, which is no trigger"
        raise ValueError(f"{what}; draw it from the trigger to the span that fills the role")
    return relation.label


def _read(relation: Relation) -> tuple[str | None, str | None, int]:
    match = _LABEL.fullmatch(relation.label)
    if match is None or (match["role"] or ROLES[0]) not in ROLES or (match["status"] or _DEFAULT) not in STATUSES:
        known = f"{', '.join(ROLES)}, status={'|'.join(STATUSES)}, {NO_EVENT}"
        raise ValueError(f"relation {relation.label!r} is unknown; there are {known}")
    if match["status"] is not None and relation.start != relation.end:
        raise ValueError(f"relation {relation.label!r} must go from the trigger to itself")
    return match["role"], match["status"], int(match["number"] or 1)
