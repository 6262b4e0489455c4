"""One trigger, several counts: two coordinated counts of different things are two events of the same trigger."""

import re
from collections.abc import Sequence
from typing import Final

from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention, Phrase, following
from warwire.model.linking.objects import HARM

_PART: Final = re.compile(r"\b(?:including|among them|amongst them|among whom)\s+(?:(?:the|an?|at least)\s+)?$")

_AMONG_THEM: Final = re.compile(r"\b(?:including|among them|among whom|of whom|of them)\b")


def split_counts(layout: Layout, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts with a second event inserted after each that has a further count and target."""
    result: list[Draft] = []
    for draft in drafts:
        result.append(draft)
        if draft.type in HARM and draft.has("count"):
            result += _split(layout, draft)
    return result


def _split(layout: Layout, draft: Draft) -> list[Draft]:
    targets, counts = draft.of("target"), draft.of("count")
    twins = []
    for target in targets[1:]:
        phrase = layout.phrases.get(target.index)
        if phrase is not None and (phrase.count is not None or _first_is_counted(layout, targets[0])):
            twin = _twin(draft, phrase)
            twin.part_of = draft if names_part(layout, target) else None
            twins.append(twin)
            draft.roles["target"] = [m for m in draft.of("target") if m is not target]
    used = draft.mentions().union(*(twin.mentions() for twin in twins))
    return [*twins, *_parts(layout, draft, counts, used)]


def names_part(layout: Layout, mention: Mention) -> bool:
    """Whether a noun phrase is told as a part of the one before it: *including four children*."""
    phrase = layout.phrases.get(mention.index)
    first = phrase.first if phrase is not None else mention
    before = layout.before(first, 40)
    return ("including" in before or "among" in before) and _PART.search(before) is not None


def _first_is_counted(layout: Layout, target: Mention) -> bool:
    phrase = layout.phrases.get(target.index)
    return phrase is not None and phrase.count is not None


def _twin(draft: Draft, phrase: Phrase) -> Draft:
    twin = draft.twin()
    twin.fill("target", [phrase.head] if phrase.head is not None else [])
    twin.fill("count", [phrase.count] if phrase.count is not None else [])
    return twin


def _parts(layout: Layout, draft: Draft, counts: Sequence[Mention], used: set[Mention]) -> list[Draft]:
    """*12 people, including two medics*; *eight of them children*."""
    mentions = layout.by_sentence[draft.trigger.sentence]
    twins: list[Draft] = []
    anchor = max([*draft.of("target"), *counts], key=lambda m: m.index)
    for mention in following(mentions, anchor):
        phrase = layout.phrases.get(mention.index)
        gap = layout.text[anchor.span.end : mention.span.start].lower()
        if phrase is None or mention in used or phrase.label not in {"TARGET", "ACTOR", "COUNT"} or len(gap) > 60:
            if mention.is_trigger and mention is draft.trigger:
                continue
            break
        if not _AMONG_THEM.search(gap + layout.after(phrase.last, 10)):
            break
        twin = _twin(draft, phrase)
        twin.part_of = draft
        twins.append(twin)
        anchor = phrase.last
        used |= {m for m in (phrase.head, phrase.count) if m is not None}
    return twins
