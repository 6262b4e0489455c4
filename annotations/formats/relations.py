"""Events as labelled relations between spans, for formats that know spans and relations but no events.

A relation goes from the trigger to the span that fills a role and is named after the role. The second event of one
trigger is told apart by a number, as in `target:2`. A relation of a trigger to itself, `status=denied` (or
`status=denied:2`), gives a status other than asserted, or an event (`status=asserted:2`) that has no argument.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from warwire.annotations.document import Document, Event
from warwire.annotations.labels import EVENT_TYPES, ROLES, STATUSES

_LABEL: Final = re.compile(r"(?:(?P<role>[a-z]+)|status=(?P<status>[a-z]+))(?::(?P<number>[1-9]\d*))?")
_DEFAULT: Final = "asserted"


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


def event_records(labels: Mapping[str, str], relations: Iterable[Relation]) -> list[dict[str, Any]]:
    """Events as records for `parse_record`: one at least for each trigger.

    Args:
        labels: label of each span by its id, in the order of the text.
        relations: as of `relations_of`, in any order.

    Raises:
        ValueError: a relation starts at no trigger, ends nowhere, or its label is none of ours; the message names it.
    """
    events: dict[tuple[str, int], dict[str, Any]] = {}
    for name, label in labels.items():
        if label in EVENT_TYPES:
            events[name, 1] = _event(name, label)
    for relation in relations:
        role, status, number = _read(relation, labels)
        key = (relation.start, number)
        event = events.setdefault(key, _event(relation.start, labels[relation.start]))
        if status is not None:
            event["status"] = status
        else:
            event["arguments"].append({"role": role, "span": relation.end})
    order = {name: position for position, name in enumerate(labels)}
    found = [events[key] for key in sorted(events, key=lambda key: (order[key[0]], key[1]))]
    return [{"id": f"E{number}", **event} for number, event in enumerate(found, 1)]


def sorted_events(document: Document) -> list[Event]:
    """The events in the order of their triggers in the text, those of one trigger in the order given."""
    start = {span.id: span.start for span in document.spans}
    return sorted(document.events, key=lambda event: start[event.trigger])


def _event(trigger: str, label: str) -> dict[str, Any]:
    return {"type": label, "trigger": trigger, "status": _DEFAULT, "arguments": []}


def _read(relation: Relation, labels: Mapping[str, str]) -> tuple[str | None, str | None, int]:
    for name in (relation.start, relation.end):
        if name not in labels:
            raise ValueError(f"relation {relation.label!r} names the span {name!r}, which does not exist")
    if labels[relation.start] not in EVENT_TYPES:
        raise ValueError(f"relation {relation.label!r} starts at {relation.start!r}, which is no trigger")
    match = _LABEL.fullmatch(relation.label)
    if match is None or (match["role"] or ROLES[0]) not in ROLES or (match["status"] or _DEFAULT) not in STATUSES:
        known = f"{', '.join(ROLES)}, or status={'|'.join(STATUSES)}"
        raise ValueError(f"relation {relation.label!r} is unknown; there are {known}")
    return match["role"], match["status"], int(match["number"] or 1)
