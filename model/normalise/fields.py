"""The `normalised` fields of an event: for each role a list in the order of the arguments, null where unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from warwire.annotations.document import Document, Event, Span
from warwire.model.normalise.count import normalise_count
from warwire.model.normalise.time import normalise_time

_COUNTS_OF: Final = {
    "LAUNCH": "weapon",
    "INTERCEPT": "weapon",
    "CLASH": "attack",
    "KILL": "target",
    "INJURE": "target",
    "DETAIN": "target",
    "DISPLACE": "target",
    "DAMAGE": "target",
    "CONTROL": "place",
}
"""What the count of an event type counts (the guide's table of roles); a STRIKE's depends on what stands beside it."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the values of one event depend on besides its spans."""

    text: str
    published: date | None
    event: Event
    spans: Mapping[str, Span]
    part_of: str | None = None


def normalise(
    document: Document, spans: Mapping[str, Span], event: Event, part_of: str | None = None
) -> dict[str, tuple[dict[str, Any], ...]]:
    """The normalised values of every argument of an event, by role; `spans` are the document's by id."""
    published = date.fromisoformat(document.date) if document.date else None
    context = Context(document.text, published, event, spans, part_of)
    roles = dict.fromkeys(argument.role for argument in event.arguments)
    return {
        role: tuple(_FIELDS[role](context.spans[span].surface(document.text), context) for span in event.fillers(role))
        for role in roles
    }


def _count(surface: str, context: Context) -> dict[str, Any]:
    found = normalise_count(surface)
    low, high, bound = (found.min, found.max, found.bound) if found else (None, None, None)
    return {
        "text": surface,
        "min": low,
        "max": high,
        "bound": bound,
        "of": _counted(context.event),
        "part_of": context.part_of,
    }


def _counted(event: Event) -> str:
    if event.type != "STRIKE":
        return _COUNTS_OF[event.type]
    if event.fillers("weapon"):
        return "weapon"
    return "target" if event.fillers("target") else "attack"


def _time(surface: str, context: Context) -> dict[str, Any]:
    found = normalise_time(surface, context.published)
    return {"text": surface, "start": found.start, "end": found.end, "precision": found.precision}


def _unresolved(*keys: str) -> Callable[[str, Context], dict[str, Any]]:
    def fields(surface: str, context: Context) -> dict[str, Any]:
        return {"text": surface, **dict.fromkeys(keys)}

    return fields


_place = _unresolved("name", "country", "lat", "lon", "geonames_id", "precision")
_party = _unresolved("side")

_FIELDS: Final[dict[str, Callable[[str, Context], dict[str, Any]]]] = {
    "agent": _party,
    "target": _party,
    "weapon": _unresolved("class", "model"),
    "count": _count,
    "place": _place,
    "origin": _place,
    "time": _time,
    "speaker": _unresolved("kind", "side"),
}
