"""The `normalised` fields of an event: for each role a list in the order of the arguments, null where unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from warwire.annotations.document import Document, Event, Span
from warwire.model.normalise.actor import sides_of
from warwire.model.normalise.count import normalise_count
from warwire.model.normalise.counted import counted, is_designator, is_multiple
from warwire.model.normalise.place import PlaceValue, resolve_places
from warwire.model.normalise.revised import revised_from
from warwire.model.normalise.speaker import normalise_speaker
from warwire.model.normalise.time import TimeRange
from warwire.model.normalise.time_context import anchored_times
from warwire.model.normalise.vague import GUIDE, VagueTable
from warwire.model.normalise.weapon import normalise_weapon
from warwire.model.sentences import Sentences


@dataclass(frozen=True, slots=True)
class Readings:
    """What is read from a document as a whole: by span id, where and when, and whose side; words for vague numbers."""

    text: str
    spans: Mapping[str, Span]
    times: Mapping[str, TimeRange]
    places: Mapping[str, PlaceValue]
    sides: Mapping[str, str]
    vague: VagueTable
    values: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict, compare=False, repr=False)
    """The values read so far, by role and span id: the events of a sentence share their spans."""


def read_document(document: Document, sentences: Sentences | None = None, vague: VagueTable = GUIDE) -> Readings:
    """The readings that the values of all events of a document share; sentences are split here if not given."""
    times, places, sides = anchored_times(document, sentences), resolve_places(document), sides_of(document)
    return Readings(document.text, document.span_by_id(), times, places, sides, vague)


def normalise(readings: Readings, event: Event, part_of: str | None = None) -> dict[str, tuple[dict[str, Any], ...]]:
    """The normalised values of every argument of an event, by role."""
    values: dict[str, list[dict[str, Any]]] = {}
    for argument in event.arguments:
        key = argument.role, argument.span
        known = readings.values.get(key)
        if known is None:
            known = readings.values[key] = _FIELDS[argument.role](readings.spans[argument.span], readings)
        values.setdefault(argument.role, []).append(known.copy())
    for id, count in zip(event.fillers("count"), values.get("count", ()), strict=True):
        count["of"], count["part_of"] = counted(readings.text, readings.spans, event, readings.spans[id]), part_of
    return {role: tuple(found) for role, found in values.items()}


def _count(span: Span, readings: Readings) -> dict[str, Any]:
    """A count; `of` and `part_of` hang on the event."""
    text = readings.text
    surface = span.surface(text)
    counts_none = is_designator(text, span.start, span.end) or is_multiple(text, span.start, span.end)
    found = None if counts_none else normalise_count(surface, readings.vague)
    earlier = revised_from(text, span.start, span.end)
    return {
        "text": surface,
        "min": found and found.min,
        "max": found and found.max,
        "bound": found and found.bound,
        "of": None,
        "part_of": None,
        "earlier_min": earlier and earlier.min,
        "earlier_max": earlier and earlier.max,
    }


def _time(span: Span, readings: Readings) -> dict[str, Any]:
    found = readings.times[span.id]
    return {
        "text": span.surface(readings.text),
        "start": found.start,
        "end": found.end,
        "precision": found.precision,
    }


def _place(span: Span, readings: Readings) -> dict[str, Any]:
    found = readings.places.get(span.id)
    keys = ("name", "country", "lat", "lon", "geonames_id", "precision")
    return {"text": span.surface(readings.text), **{key: found and getattr(found, key) for key in keys}}


def _weapon(span: Span, readings: Readings) -> dict[str, Any]:
    surface = span.surface(readings.text)
    found = normalise_weapon(surface)
    return {"text": surface, "class": found.weapon_class, "model": found.model}


def _party(span: Span, readings: Readings) -> dict[str, Any]:
    return {"text": span.surface(readings.text), "side": readings.sides.get(span.id)}


def _speaker(span: Span, readings: Readings) -> dict[str, Any]:
    text = readings.text
    found = normalise_speaker(text, span.start, span.end, readings.sides.get(span.id))
    return {"text": span.surface(text), "kind": found.kind, "side": found.side}


_FIELDS: Final[dict[str, Callable[[Span, Readings], dict[str, Any]]]] = {
    "agent": _party,
    "target": _party,
    "weapon": _weapon,
    "count": _count,
    "place": _place,
    "origin": _place,
    "time": _time,
    "speaker": _speaker,
}
