"""The rules' own events: the drafts that the learned scorer takes as one of its signals."""

from collections.abc import Sequence

from warwire.model.linking.carry import carry_from_before, carry_speakers, carry_within
from warwire.model.linking.circumstances import link_circumstances
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention
from warwire.model.linking.participants import link_participants
from warwire.model.linking.split import split_counts
from warwire.model.linking.status import status_of
from warwire.model.linking.voice import voice_of


def link_by_rules(layout: Layout) -> list[Draft]:
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
