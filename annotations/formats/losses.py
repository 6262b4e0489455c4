"""What a format could not hold: found by reading back what was written, so that no loss goes unnamed.

A kind of loss is named in the plural, as in "events"; `named` counts it in words. The order of spans, of events and of
an event's arguments carries no meaning and is no loss.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from warwire.annotations.document import Argument, Document, Event, Span

_ONE: Final = {
    "dates": "date",
    "titles": "title",
    "document keys": "document key",
    "texts' spacing": "text's spacing",
    "spans": "span",
    "events": "event",
    "span and event ids": "span or event id",
    "span and event keys": "span or event key",
    "scores": "score",
    "normalised values": "event's normalised values",
    "rejected or ignored examples": "rejected or ignored example",
    "cancelled annotations": "cancelled annotation",
    "further annotators' annotations": "further annotator's annotation",
    "predictions": "prediction",
    "results that are no label or relation": "result that is no label or relation",
    "relations": "relation",
    "notes": "note",
    "attributes other than Status": "attribute other than Status",
    "normalizations": "normalization",
    "texts without an .ann file": "text without an .ann file",
    "comments": "comment",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents of a file, and what of it no document has a place for, counted by kind."""

    documents: tuple[Document, ...]
    left_out: Mapping[str, int]


def named(kind: str, number: int) -> str:
    """A count with its noun, as in "1 event" and "41 events"."""
    return f"{number} {_ONE[kind] if number == 1 else kind}"


def lost_values(documents: Iterable[Document], back: Iterable[Document]) -> Counter[str]:
    """What documents had and no longer have after writing and reading, counted by kind.

    Args:
        documents: as they were, each with an id of its own.
        back: the same documents as they were read back, in any order.
    """
    by_id = {document.id: document for document in back}
    lost = Counter[str]()
    for ours in documents:
        theirs = by_id[ours.id]
        lost["dates"] += ours.date != theirs.date
        lost["titles"] += ours.title != theirs.title
        lost["texts' spacing"] += ours.text != theirs.text
        lost["document keys"] += _changed(ours.extra, theirs.extra)
        lost += _lost_of_spans(ours, theirs)
        lost += _lost_of_events(ours, theirs)
    return +lost


def _lost_of_spans(ours: Document, theirs: Document) -> Counter[str]:
    lost = Counter[str]()
    found = {place: span for span, place in _places(theirs)}
    for span, place in _places(ours):
        partner = found.get(place)
        if partner is None or partner.label != span.label:
            lost["spans"] += 1
            continue
        lost["span and event ids"] += span.id != partner.id
        lost["span and event keys"] += _changed(span.extra, partner.extra)
        lost["scores"] += span.score != partner.score
    return +lost


def _lost_of_events(ours: Document, theirs: Document) -> Counter[str]:
    lost = Counter[str]()
    found: dict[object, list[Event]] = {}
    place = {span.id: place for span, place in _places(theirs)}
    for event in theirs.events:
        found.setdefault(_meaning(event, place), []).append(event)
    place = {span.id: place for span, place in _places(ours)}
    for event in ours.events:
        same = found.get(_meaning(event, place))
        if not same:
            lost["events"] += 1
            continue
        partner = same.pop(0)
        lost["span and event ids"] += event.id != partner.id
        lost["span and event keys"] += _changed(_keys(event), _keys(partner))
        lost["scores"] += event.score != partner.score
        lost["normalised values"] += _by_model(event) != _by_model(partner)
    return +lost


def _places(document: Document) -> Iterable[tuple[Span, int]]:
    # Offsets would not do: where a format changes the spacing of the text, every offset moves.
    return ((span, place) for place, span in enumerate(sorted(document.spans, key=lambda span: span.start)))


def _meaning(event: Event, place: Mapping[str, int]) -> object:
    arguments = sorted((argument.role, place[argument.span]) for argument in event.arguments)
    return event.type, event.status, place[event.trigger], tuple(arguments)


def _keys(event: Event) -> dict[str, Any]:
    return {**event.extra, **{f"{i} {key}": value for i, key, value in _argument_keys(event.arguments)}}


def _argument_keys(arguments: Sequence[Argument]) -> Iterable[tuple[int, str, Any]]:
    return ((i, key, value) for i, argument in enumerate(arguments) for key, value in argument.extra.items())


def _by_model(event: Event) -> object:
    return event.sentence, event.channel, event.flags, event.normalised


def _changed(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> int:
    return sum(key not in theirs or theirs[key] != value for key, value in ours.items())
