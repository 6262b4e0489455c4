"""A long article section by section: tagged and assembled as `Tagger.tag` and `assemble` do with the whole of it.

sections ─► spans, a few sections together ─► events, renumbered ─► packed ─► flags that take the whole document
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from warwire.annotations.document import Document, Event, Span
from warwire.model.archive.long_document import LongDocument, pack_found, unpack_found
from warwire.model.archive.sections import count_words, grouped, unpack_section
from warwire.model.assemble import assemble
from warwire.model.attack_places import position_of
from warwire.model.extractor import Extractor
from warwire.model.flags import PLACE_FAR, flag_across

_TOGETHER: Final = 200_000
"""Code points whose sections are tagged in one call: as many as the tagger takes together, so that the batches are
those of the whole text."""

_PLACES: Final = ("place", "origin")

Place = tuple[float, float]


class StageError(Exception):
    """A long article cannot be read: the stage, "tag" or "assemble"; the cause is what was raised there."""

    def __init__(self, stage: str, cause: Exception) -> None:
        self.stage, self.cause = stage, cause
        super().__init__(f"{stage}: {cause!r}")


@dataclass(slots=True)
class _Reading:
    """What is read so far: packed findings, sizes of the sections, numbers, and every distinct place."""

    found: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    spans: int = 0
    events: int = 0
    places: set[Place] = field(default_factory=set)


def read_long(head: Document, texts: Sequence[bytes], extractor: Extractor, seconds: dict[str, float]) -> LongDocument:
    """The document whose sections these are.

    Args:
        head: the document without its text, as it is to be written.
        texts: its sections, from `sections.pack_text`.
        extractor: the model and the postprocessor.
        seconds: by stage, "tag" and "assemble"; those that are spent are added.

    Raises:
        StageError: with the stage that failed and what it raised.
    """
    sizes = [len(unpack_section(text)) for text in texts]
    reading = _Reading(sizes=sizes)
    for group in grouped(sizes, _TOGETHER):
        sections = [unpack_section(texts[i]) for i in group]
        start = time.perf_counter()
        tagged = _tagged(sections, extractor)
        seconds["tag"] += time.perf_counter() - start
        start = time.perf_counter()
        for text, spans in zip(sections, tagged, strict=True):
            _assemble(reading, replace(head, text=text), spans, extractor)
        seconds["assemble"] += time.perf_counter() - start
    start = time.perf_counter()
    found = tuple(_flagged(reading.found, _far(reading.places)))
    seconds["assemble"] += time.perf_counter() - start
    return LongDocument(head, tuple(texts), found, tuple(sizes), count_words(texts), reading.spans, reading.events)


def _tagged(sections: Sequence[str], extractor: Extractor) -> Sequence[Sequence[Span]]:
    try:
        return extractor.tagger.tag(sections)
    except Exception as error:
        raise StageError("tag", error) from error


def _assemble(reading: _Reading, section: Document, spans: Sequence[Span], extractor: Extractor) -> None:
    numbered = [replace(span, id=f"T{n}") for n, span in enumerate(spans, reading.spans + 1)]
    try:
        found = assemble(replace(section, spans=tuple(numbered)), extractor.vague).events
    except Exception as error:
        raise StageError("assemble", error) from error
    events = [_renumbered(event, reading.events) for event in found]
    for event in events:
        reading.places.update(_places(event))
    reading.found.append(pack_found(numbered, events))
    reading.spans += len(numbered)
    reading.events += len(events)


def _renumbered(event: Event, by: int) -> Event:
    """The event of a section as that of the document, numbered on, and without what was found far in the section."""
    values = event.normalised
    if by and values is not None and any(value.get("part_of") for value in values.get("count", ())):
        values = {**values, "count": tuple(_renumbered_part(value, by) for value in values["count"])}
    flags = tuple(flag for flag in event.flags if flag != PLACE_FAR)
    return replace(event, id=_later(event.id, by), normalised=values, flags=flags)


def _renumbered_part(value: Mapping[str, Any], by: int) -> Mapping[str, Any]:
    return {**value, "part_of": _later(value["part_of"], by)} if value.get("part_of") else value


def _later(name: str, by: int) -> str:
    return f"{name[0]}{int(name[1:]) + by}"


def _places(event: Event) -> Iterator[Place]:
    values = event.normalised or {}
    for role in _PLACES:
        for value in values.get(role, ()):
            if (place := position_of(value)) is not None:
                yield place


def _far(places: set[Place]) -> frozenset[Place]:
    """The places that are far from the others of a document, by the rule that flags its events."""
    ordered = sorted(places)
    events = tuple(
        Event(str(n), "STRIKE", "", normalised={"place": ({"lat": lat, "lon": lon},)})
        for n, (lat, lon) in enumerate(ordered)
    )
    flagged = flag_across(Document("", "", events=events)).events
    return frozenset(ordered[int(event.id)] for event in flagged if PLACE_FAR in event.flags)


def _flagged(packed: Sequence[bytes], far: frozenset[Place]) -> Iterator[bytes]:
    for found in packed:
        if not far:
            yield found
            continue
        spans, events = unpack_found(found)
        marked = [
            replace(event, flags=(*event.flags, PLACE_FAR)) if not far.isdisjoint(_places(event)) else event
            for event in events
        ]
        yield pack_found(spans, marked)
