"""Spans to events: the postprocessor.

    spans ─► layout ─► drafts by the rules ─► signals ─► learned scorer ─► fillers of each trigger ─► its events

The parts are in `warwire.model.linking`, one concern a file.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from warwire.annotations.document import Argument, Document, Event
from warwire.annotations.labels import ROLES
from warwire.model.flags import flag_across, flags_of
from warwire.model.linking.channel import channel_of
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention, lay_out
from warwire.model.linking.learned import link
from warwire.model.normalise.fields import normalise, read_document
from warwire.model.normalise.vague import GUIDE, VagueTable
from warwire.model.windows import split_text

_SECTION: Final = 100_000
"""Code points read together at most."""
_ROLE_ORDER: Final = {role: i for i, role in enumerate(ROLES)}


def assemble(document: Document, vague: VagueTable = GUIDE) -> Document:
    """The document with events made from its spans, normalised; events that it had are replaced.

    `vague` says what *dozens* and the like come to in the counts. A text of more than 100,000 code points is read in
    sections, cut at paragraph ends, as if each were a document: time and memory grow with its length alone.
    """
    events: list[Event] = []
    for section in _sections(document):
        events += _events(section, vague, len(events) + 1)
    return flag_across(replace(document, events=tuple(events)))


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


def _events(document: Document, vague: VagueTable, number: int) -> list[Event]:
    """The events of a section, with ids from `number` on."""
    layout = lay_out(document)
    drafts = link(layout)
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
