"""Spans to events: the postprocessor.

    spans ─► layout ─► a draft for each trigger ─► participants ─► circumstances ─► carried over ─► status ─► events

The rules themselves are in `warwire.model.linking`, one concern a file.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from warwire.annotations.document import Argument, Document, Event
from warwire.annotations.labels import ROLES
from warwire.model.flags import flags_of
from warwire.model.linking.carry import carry_from_before, carry_speakers, carry_within
from warwire.model.linking.channel import channel_of
from warwire.model.linking.circumstances import link_circumstances
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention, lay_out
from warwire.model.linking.participants import link_participants
from warwire.model.linking.split import split_counts
from warwire.model.linking.status import status_of
from warwire.model.linking.voice import voice_of
from warwire.model.normalise.fields import normalise

_ROLE_ORDER: Final = {role: i for i, role in enumerate(ROLES)}


def assemble(document: Document) -> Document:
    """The document with events made from its spans, normalised; events that it had are replaced."""
    layout = lay_out(document)
    drafts = link(layout)
    names = {id(draft): f"E{n}" for n, draft in enumerate(drafts, 1)}
    spans = document.span_by_id()
    events = []
    for draft in drafts:
        event = _event(layout, draft, names[id(draft)])
        part_of = names[id(draft.part_of)] if draft.part_of is not None else None
        values = normalise(document, spans, event, part_of)
        events.append(replace(event, normalised=values, flags=flags_of(document, event, values)))
    return replace(document, events=tuple(events))


def link(layout: Layout) -> list[Draft]:
    """All events of a document as drafts, in the order of their triggers."""
    drafts: list[Draft] = []
    for mentions in layout.by_sentence.values():
        drafts += _link_sentence(layout, mentions)
    carry_from_before(layout, drafts)
    carry_speakers(layout, drafts)
    for draft in drafts:
        draft.status = status_of(layout, draft.trigger)
    return split_counts(layout, drafts)


def _link_sentence(layout: Layout, mentions: Sequence[Mention]) -> list[Draft]:
    drafts = [Draft(m, voice_of(layout, m)) for m in mentions if m.is_trigger]
    if drafts:
        link_participants(layout, drafts, mentions)
        link_circumstances(layout, drafts, mentions)
        carry_within(layout, drafts)
    return drafts


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
