"""Spans to events: the postprocessor.

    spans ─► layout ─► drafts by the rules ─► signals ─► learned scorer ─► fillers of each trigger ─► its events

The parts are in `warwire.model.linking`, one concern a file.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from warwire.annotations.document import Argument, Document, Event
from warwire.annotations.labels import ROLES
from warwire.model.flags import flag_across, flags_of
from warwire.model.linking.channel import channel_of
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention, lay_out
from warwire.model.linking.learned import link_all
from warwire.model.normalise.fields import normalise, read_document
from warwire.model.normalise.vague import GUIDE, VagueTable
from warwire.model.windows import split_text

_SECTION: Final = 100_000
"""Code points read together at most."""
_TOGETHER: Final = 16_000
"""Code points whose candidates are scored together; many more no longer fit a processor's cache."""

_ROLE_ORDER: Final = {role: i for i, role in enumerate(ROLES)}


def assemble(document: Document, vague: VagueTable = GUIDE) -> Document:
    """The document with events made from its spans, normalised; events that it had are replaced.

    `vague` says what *dozens* and the like come to in the counts. A text of more than 100,000 code points is read in
    sections, cut at paragraph ends, as if each were a document: time and memory grow with its length alone.
    """
    return next(assemble_all([document], vague))


def assemble_all(documents: Iterable[Document], vague: VagueTable = GUIDE) -> Iterator[Document]:
    """As `assemble`, of documents in the order given; short ones are scored together, which is quicker."""
    events: list[Event] = []
    for group in _groups(_parts(documents)):
        layouts = [lay_out(part.section) for part in group]
        for part, layout, drafts in zip(group, layouts, link_all(layouts), strict=True):
            events += _events(part.section, layout, drafts, vague, len(events) + 1)
            if part.is_last:
                yield flag_across(replace(part.document, events=tuple(events)))
                events = []


@dataclass(frozen=True, slots=True)
class _Part:
    """A section of a document, as a document, and whether it is its last."""

    document: Document
    section: Document
    is_last: bool


def _parts(documents: Iterable[Document]) -> Iterator[_Part]:
    for document in documents:
        sections = _sections(document)
        last = next(sections)
        for section in sections:
            yield _Part(document, last, is_last=False)
            last = section
        yield _Part(document, last, is_last=True)


def _groups(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    """Parts of `_TOGETHER` code points, or of one section."""
    group: list[_Part] = []
    size = 0
    for part in parts:
        group.append(part)
        size += len(part.section.text)
        if size >= _TOGETHER:
            yield group
            group, size = [], 0
    if group:
        yield group


def _sections(document: Document) -> Iterator[Document]:
    if len(document.text) <= _SECTION:
        yield document
        return
    spans = sorted(document.spans, key=lambda span: span.start)
    first = 0
    for start, end in split_text(document.text, _SECTION):
        last = bisect_left(spans, end, lo=first, key=lambda span: span.start)
        held = [replace(span, start=span.start - start, end=span.end - start) for span in spans[first:last]]
        stop = max([end, *(span.end for span in spans[first:last])])
        yield replace(document, text=document.text[start:stop], spans=tuple(held), events=())
        first = last


def _events(document: Document, layout: Layout, drafts: Sequence[Draft], vague: VagueTable, number: int) -> list[Event]:
    """The events of a section, with ids from `number` on."""
    names = {id(draft): f"E{n}" for n, draft in enumerate(drafts, number)}
    readings = read_document(document, layout.sentences, vague)
    events = []
    for draft in drafts:
        event = _event(layout, draft, names[id(draft)])
        part_of = names[id(draft.part_of)] if draft.part_of is not None else None
        values = normalise(readings, event, part_of)
        events.append(replace(event, normalised=values, flags=flags_of(document, event, values)))
    return events


def _event(layout: Layout, draft: Draft, name: str) -> Event:
    mentions = [
        (role, mention) for role in sorted(draft.roles, key=_ROLE_ORDER.__getitem__) for mention in draft.of(role)
    ]
    sentence = layout.sentences.items[draft.trigger.sentence]
    return Event(
        name,
        draft.type,
        draft.trigger.span.id,
        tuple(Argument(role, mention.span.id) for role, mention in mentions),
        draft.status,
        score=_score([draft.trigger, *(mention for _, mention in mentions)]),
        sentence=layout.text[sentence.start : sentence.end],
        channel=channel_of(layout, draft),
    )


def _score(mentions: Sequence[Mention]) -> float | None:
    """The geometric mean of the span scores: an event is as sure as its parts. None where a span has no score."""
    scores = [mention.span.score for mention in mentions]
    known = [score for score in scores if score is not None]
    if len(known) < len(scores):
        return None
    return round(math.prod(known) ** (1 / len(known)), 4)
