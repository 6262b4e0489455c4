"""Spans to events: the postprocessor.

    spans ─► layout ─► drafts by the rules ─► signals ─► learned scorer ─► fillers of each trigger ─► its events

The parts are in `warwire.model.linking`, one concern a file.
"""

import math
from collections.abc import Sequence
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

_ROLE_ORDER: Final = {role: i for i, role in enumerate(ROLES)}


def assemble(document: Document, vague: VagueTable = GUIDE) -> Document:
    """The document with events made from its spans, normalised; events that it had are replaced.

    `vague` says what *dozens* and the like come to in the counts.
    """
    layout = lay_out(document)
    drafts = link(layout)
    names = {id(draft): f"E{n}" for n, draft in enumerate(drafts, 1)}
    readings = read_document(document, layout.sentences, vague)
    events = []
    for draft in drafts:
        event = _event(layout, draft, names[id(draft)])
        part_of = names[id(draft.part_of)] if draft.part_of is not None else None
        values = normalise(readings, event, part_of)
        events.append(replace(event, normalised=values, flags=flags_of(document, event, values)))
    return flag_across(replace(document, events=tuple(events)))


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
