"""A long document in sections: what is found in each is packed as soon as it is there.

As objects, the spans and events of a million characters take 60 MB; packed, a fiftieth of that. Whoever writes the
document goes through its sections one by one, as often as there are tables.
"""

import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from warwire.annotations.document import Argument, Document, Event, Span
from warwire.model.archive.records import SURROGATES_KEY, repaired
from warwire.model.archive.sections import grouped, unpack_section

_LEVEL: Final = 1
_JOINED: Final = 2_000_000
"""Code points of a text over which its attacks are joined: what is in memory as objects at once."""


_NO_EXTRA: Final[dict[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its text, where it starts in the whole one, and what is found in it, at the offsets of its text."""

    start: int
    text: str
    spans: tuple[Span, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class LongDocument:
    """A document whose text, spans and events are in sections, and `head` the rest of it.

    Attributes:
        head: the document without text, spans and events.
        texts: the sections' texts, as `sections.pack_text` gives them.
        found: the sections' spans and events, packed.
        characters: code points of each section.
        words, spans, events: how many there are.
    """

    head: Document
    texts: tuple[bytes, ...]
    found: tuple[bytes, ...]
    characters: tuple[int, ...]
    words: int
    spans: int
    events: int

    def sections(self) -> Iterator[Section]:
        """The sections in order, unpacked one at a time."""
        start = 0
        for text, found, characters in zip(self.texts, self.found, self.characters, strict=True):
            yield Section(start, unpack_section(text), *unpack_found(found))
            start += characters

    def documents(self) -> Iterator[Document]:
        """Each section as a document of its own, at the offsets of its text."""
        for section in self.sections():
            yield replace(self.head, text=section.text, spans=section.spans, events=section.events)

    def findings(self) -> Iterator[Document]:
        """The spans and events of each section at the offsets of the whole text, which is left out."""
        for section in self.sections():
            yield replace(self.head, spans=_moved(section.spans, section.start), events=section.events)

    def parts(self, longest: int = _JOINED) -> Iterator[Document]:
        """Neighbouring sections as documents of at most `longest` code points, with all that attacks are told from.

        Sentences are left out, and so are spans in no event.
        """
        sections = self.sections()
        for group in grouped(self.characters, longest):
            yield _part(self.head, [_slim(next(sections)) for _ in group])


def pack_found(spans: Sequence[Span], events: Sequence[Event]) -> bytes:
    """Spans and events in a few bytes."""
    plain = [_fields(span) for span in spans], [_event_fields(event) for event in events]
    # Only ever read by the process that wrote it. JSON would lose lone surrogates, which are told when writing.
    return zlib.compress(pickle.dumps(plain, protocol=5), _LEVEL)


def unpack_found(found: bytes) -> tuple[tuple[Span, ...], tuple[Event, ...]]:
    """The spans and events that were packed."""
    spans, events = pickle.loads(zlib.decompress(found))
    return tuple(Span(*_shared(fields)) for fields in spans), tuple(map(_event, events))


def repaired_long(document: LongDocument) -> LongDocument:
    """The document with lone surrogates replaced and counted, as `records.repaired` does it."""
    head = repaired(document.head)
    count = head.extra[SURROGATES_KEY] if head is not document.head else 0
    texts, found = list(document.texts), list(document.found)
    for number, section in enumerate(document.sections()):
        before = Document("", section.text, spans=section.spans, events=section.events)
        after = repaired(before)
        if after is not before:
            count += after.extra[SURROGATES_KEY]
            texts[number], found[number] = after.text.encode(), pack_found(after.spans, after.events)
    if not count:
        return document
    head = replace(head, extra={**head.extra, SURROGATES_KEY: count})
    return replace(document, head=head, texts=tuple(texts), found=tuple(found))


def _slim(section: Section) -> Section:
    named = {argument.span for event in section.events for argument in event.arguments}
    named |= {event.trigger for event in section.events}
    spans = tuple(span for span in section.spans if span.id in named)
    return replace(section, spans=spans, events=tuple(replace(event, sentence=None) for event in section.events))


def _part(head: Document, sections: Sequence[Section]) -> Document:
    spans: list[Span] = []
    for section in sections:
        spans += _moved(section.spans, section.start - sections[0].start)
    return replace(
        head,
        text="".join(section.text for section in sections),
        spans=tuple(spans),
        events=tuple(event for section in sections for event in section.events),
    )


def _moved(spans: tuple[Span, ...], by: int) -> tuple[Span, ...]:
    return tuple(replace(span, start=span.start + by, end=span.end + by) for span in spans) if by else spans


def _fields(item: Span | Argument) -> tuple[Any, ...]:
    return tuple([getattr(item, name) for name in item.__dataclass_fields__])


def _event_fields(event: Event) -> tuple[Any, ...]:
    arguments = tuple(map(_fields, event.arguments))
    return tuple([arguments if name == "arguments" else getattr(event, name) for name in event.__dataclass_fields__])


def _event(fields: tuple[Any, ...]) -> Event:
    id, type, trigger, arguments, *rest = _shared(fields)
    return Event(id, type, trigger, tuple(Argument(*_shared(argument)) for argument in arguments), *rest)


def _shared(fields: tuple[Any, ...]) -> tuple[Any, ...]:
    """The fields with one empty mapping for all: `extra`, the last of them, is nearly always empty."""
    return fields if fields[-1] else (*fields[:-1], _NO_EXTRA)
