"""Consistency flags: signs that an event or an attack deserves a second look. They mark a row, they never drop it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from statistics import median
from typing import Any, Final

from warwire.annotations.document import Document, Event
from warwire.model.attack_figures import Figure
from warwire.model.attack_places import distance, position_of

TIME_AFTER_PUBLICATION: Final = "time after publication"
COUNT_UNREADABLE: Final = "count not understood"
PART_ABOVE_WHOLE: Final = "part larger than whole"
PLACE_FAR: Final = "place far from the others"
INTERCEPTED_ABOVE_LAUNCHED: Final = "intercepted more than launched"
HIT_ABOVE_LAUNCHED: Final = "hit more than launched"
BOTH_ABOVE_LAUNCHED: Final = "hit and intercepted more than launched"
SPEAKERS_DIFFER: Final = "speakers differ on {}"
"""On which figure follows: *speakers differ on killed*."""

_FAR: Final = 1500.0  # km from the median of the places of the document
_ENOUGH_PLACES: Final = 3


def flags_of(document: Document, event: Event, values: Mapping[str, tuple[Mapping[str, Any], ...]]) -> tuple[str, ...]:
    """The flags of an event, given its normalised values."""
    flags = []
    if any(value["min"] is None and value["max"] is None for value in values.get("count", ())):
        flags.append(COUNT_UNREADABLE)
    if document.date and event.status != "planned":
        published = _day(document.date)
        starts = [value["start"] for value in values.get("time", ()) if value["start"]]
        if any(_day(start) > published for start in starts):
            flags.append(TIME_AFTER_PUBLICATION)
    return tuple(flags)


@lru_cache(maxsize=4096)
def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def flag_across(document: Document) -> Document:
    """The document with the flags of its events that only show beside its other events added to those they have."""
    parts, far = _parts_above_their_whole(document), _far_away(document)
    if not parts and not far:
        return document
    events = []
    for event in document.events:
        found = [flag for flag, ids in ((PART_ABOVE_WHOLE, parts), (PLACE_FAR, far)) if event.id in ids]
        events.append(replace(event, flags=tuple(dict.fromkeys((*event.flags, *found)))))
    return replace(document, events=tuple(events))


def flags_of_figures(figures: Mapping[str, Figure | None]) -> tuple[str, ...]:
    """The flags of the figures of one attack as one speaker gives them; keys as in `attack_figures.FIGURES`.

    A flag is set only where no reading of the ranges agrees: *up to 9* intercepted of 8 launched may be 8.
    """
    launched, intercepted = figures.get("launched"), figures.get("intercepted")
    hit = figures.get("hit")
    if launched is None or launched.max is None:
        return ()
    down = (intercepted.min or 0) if intercepted is not None else 0
    through = (hit.min or 0) if hit is not None and hit.of == "weapon" else 0
    flags = []
    if down > launched.max:
        flags.append(INTERCEPTED_ABOVE_LAUNCHED)
    if through > launched.max:
        flags.append(HIT_ABOVE_LAUNCHED)
    if not flags and down + through > launched.max:
        flags.append(BOTH_ABOVE_LAUNCHED)
    return tuple(flags)


def _parts_above_their_whole(document: Document) -> set[str]:
    """Ids of events whose count is a part, and at its least larger than the whole at its most."""
    most = {event.id: _most(event) for event in document.events}
    found = set()
    for event in document.events:
        for value in (event.normalised or {}).get("count", ()):
            whole = most.get(value.get("part_of") or "")
            if whole is not None and (value.get("min") or 0) > whole:
                found.add(event.id)
    return found


def _most(event: Event) -> int | None:
    """The greatest number that the counts of an event allow; None where one is open or unknown."""
    counts = (event.normalised or {}).get("count", ())
    most: list[int] = [value["max"] for value in counts if value.get("max") is not None]
    return max(most) if most and len(most) == len(counts) else None


def _far_away(document: Document) -> set[str]:
    """Ids of events with a place far from the median of all distinct places of the document."""
    positions = {
        event.id: [
            position
            for role in ("place", "origin")
            for value in (event.normalised or {}).get(role, ())
            if (position := position_of(value)) is not None
        ]
        for event in document.events
    }
    distinct = {position for found in positions.values() for position in found}
    if len(distinct) < _ENOUGH_PLACES:
        return set()
    middle = _middle(distinct)
    return {id for id, found in positions.items() if any(distance(position, middle) > _FAR for position in found)}


def _middle(positions: set[tuple[float, float]]) -> tuple[float, float]:
    """Median latitude and median longitude; longitudes are counted from one of them, so that 179 and -179 are near."""
    first = min(positions)[1]
    east = median((lon - first + 180) % 360 - 180 for _, lon in positions) + first
    return median(lat for lat, _ in positions), (east + 180) % 360 - 180
