"""Spans to events: the postprocessor.

    spans ─► layout ─► a draft for each trigger ─► participants ─► circumstances ─► what it carries over ─► status ─► events

The rules themselves are in `warwire.model.linking`, one concern a file.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from warwire.annotations.document import Argument, Document, Event
from warwire.annotations.labels import ROLES
from warwire.model.linking.carry import carry_from_before, carry_speakers, carry_within
from warwire.model.linking.circumstances import link_circumstances
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention, lay_out
from warwire.model.linking.participants import link_participants
from warwire.model.linking.split import split_counts
from warwire.model.linking.status import status_of
from warwire.model.linking.voice import voice_of

_ROLE_ORDER: Final = {role: i for i, role in enumerate(ROLES)}


def assemble(document: Document) -> Document:
    """The document with events made from its spans; events that it had are replaced."""
    layout = lay_out(document)
    drafts = link(layout)
    return replace(document, events=tuple(_event(draft, n) for n, draft in enumerate(drafts, 1)))


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


def _event(draft: Draft, number: int) -> Event:
    arguments = [
        Argument(role, mention.span.id)
        for role in sorted(draft.roles, key=_ROLE_ORDER.__getitem__)
        for mention in draft.of(role)
    ]
    return Event(f"E{number}", draft.type, draft.trigger.span.id, tuple(arguments), draft.status)

