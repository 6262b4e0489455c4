"""From the mentions linked to a trigger to its events: an event has one count, each further count is one more event."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from warwire.annotations.labels import ROLES
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention
from warwire.model.linking.objects import HARM
from warwire.model.linking.split import names_part
from warwire.model.linking.voice import Voice

_OWN: Final = ("target", "weapon")
"""Roles whose fillers are counted: each goes with its own count."""

_OF_THEM: Final = re.compile(r"\s+(?:of\s+(?:them|whom|these|those)\s+)?(?:(?:were|are|was|all)\s+)?(?:the\s+)?")

_NEXT_STATEMENT: Final = re.compile(r"[;(]|\.\s|\b(?:but|while|and the)\b")

Links = Mapping[str, Sequence[Mention]]
_Filled = list[tuple[str, Mention]]


def events_of(layout: Layout, trigger: Mention, voice: Voice, links: Links) -> list[Draft]:
    """The events of one trigger: one for each count, with what it counts, and one for what is told beside those."""
    counts = links.get("count", ())
    counted = {m: count for role in _OWN for m in links.get(role, ()) if (count := _count_of(layout, m)) in counts}
    alone: _Filled = [("target", m) for m in _standing_alone(layout, trigger, links, counted)]
    said = _speakers_of_counts(layout, counts, links.get("speaker", ()))
    own: dict[Mention | None, _Filled] = {}
    shared: _Filled = []
    for role in ROLES:
        for mention in links.get(role, ()):
            if role in _OWN and mention in counted and (len(counts) > 1 or alone):
                own.setdefault(counted[mention], []).append((role, mention))
            elif role not in {"count", "speaker"} and (role, mention) not in alone:
                shared.append((role, mention))
    groups: list[_Filled] = [[("count", count), *own.get(count, []), *said.get(count, [])] for count in counts] or [[]]
    if alone:
        groups.append(alone)
    drafts: list[Draft] = []
    for group in groups:
        draft = Draft(trigger, voice)
        for role, mention in [*group, *shared]:
            draft.fill(role, [mention])
        if not draft.has("speaker"):
            draft.fill("speaker", links.get("speaker", ()))
        if drafts and any(names_part(layout, mention) for _, mention in group):
            draft.part_of = drafts[0]
        drafts.append(draft)
    return drafts


def _count_of(layout: Layout, mention: Mention) -> Mention | None:
    """The count of a noun phrase, also where it stands as *eight of them children*."""
    phrase = layout.phrases.get(mention.index)
    if phrase is None or phrase.head is not mention:
        return None
    if phrase.count is not None or not mention.index:
        return phrase.count
    before = layout.mentions[mention.index - 1]
    return before if before.label == "COUNT" and _OF_THEM.fullmatch(layout.gap(before, mention)) else None


def _standing_alone(
    layout: Layout, trigger: Mention, links: Links, counted: Mapping[Mention, Mention | None]
) -> list[Mention]:
    """*two soldiers and a medic*, *three wounded, among them a child*: who is told beside those that are counted."""
    targets = links.get("target", ())
    if trigger.label not in HARM:
        return []
    if not any(target in counted for target in targets):
        return [target for target in targets if links.get("count") and names_part(layout, target)]
    return [target for target in targets if target not in counted]


def _speakers_of_counts(
    layout: Layout, counts: Sequence[Mention], speakers: Sequence[Mention]
) -> dict[Mention | None, _Filled]:
    """*the mayor said 140 were hurt, the hospital 88*: where two count, each count has the speaker nearest to it."""
    if len(counts) < 2 or len(speakers) < 2:
        return {}

    def distance(count: Mention, speaker: Mention) -> tuple[bool, int]:
        low, high = sorted((count, speaker), key=lambda mention: mention.index)
        return _NEXT_STATEMENT.search(layout.gap(low, high)) is not None, high.index - low.index

    nearest = {count: min(speakers, key=partial(distance, count)) for count in counts}
    if len(set(nearest.values())) < 2:
        return {}
    return {count: [("speaker", speaker)] for count, speaker in nearest.items()}
