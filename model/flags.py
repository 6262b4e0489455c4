"""Consistency flags: signs that an event deserves a second look. They mark a row, they never drop it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from warwire.annotations.document import Document, Event

TIME_AFTER_PUBLICATION: Final = "time after publication"
COUNT_UNREADABLE: Final = "count not understood"


def flags_of(document: Document, event: Event, values: Mapping[str, tuple[Mapping[str, Any], ...]]) -> tuple[str, ...]:
    """The flags of an event, given its normalised values."""
    flags = []
    if any(value["min"] is None and value["max"] is None for value in values.get("count", ())):
        flags.append(COUNT_UNREADABLE)
    if document.date and event.status != "planned":
        published = date.fromisoformat(document.date)
        starts = [value["start"] for value in values.get("time", ()) if value["start"]]
        if any(date.fromisoformat(start) > published for start in starts):
            flags.append(TIME_AFTER_PUBLICATION)
    return tuple(flags)
