"""With what and how many: the weapon of an event, the number of weapons, attacks or victims told beside it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from warwire.model.linking.chains import ADJACENT, coordinated_left, coordinated_right
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention, following, preceding
from warwire.model.linking.objects import HARM
from warwire.model.linking.voice import Voice

_WITH: Final = re.compile(
    r"\b(?:with|using|from|of(?!\s+(?:them|these|those|whom|which)\b)|involving|by|carrying|including|via|through)\b"
    r"(?:\s+(?!(?:and|that|who|which)\b)[\w\-’']+){0,5}\s*$"
)
_REACHED: Final = re.compile(
    r"\b(?:reached|reaching|passed|exceeded|topped|hit|was|is|now|to|at|numbered|surpassed|totalled|totaled|:)\s+(?:now\s+|only\s+)?$"
)


def link_weapon(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> None:
    """Fill the weapon: beside the trigger, after *with*, or the subject of its verb."""
    if draft.has("weapon") or draft.type in {"CONTROL", "DETAIN", "DISPLACE"}:
        return
    draft.fill("weapon", next(_weapon_candidates(layout, draft, mentions), []))


def _weapon_candidates(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    left = next(iter(preceding(mentions, draft.trigger)), None)
    if (
        left is not None
        and left.label == "WEAPON"
        and left not in draft.of("target")
        and ADJACENT.fullmatch(layout.gap(left, draft.trigger))
    ):
        yield coordinated_left(layout, left, mentions)
    for mention in following(mentions, draft.trigger):
        if mention.label == "WEAPON" and mention not in draft.of("target"):
            if _WITH.search(layout.gap(layout.mentions[mention.index - 1], mention)):
                yield coordinated_right(layout, mention, mentions, "WEAPON")
            break
    if draft.voice is not Voice.NOUN:
        for mention in preceding(mentions, draft.trigger):
            if mention.label == "WEAPON" and mention not in draft.of("target") and _is_used(layout, draft, mention):
                yield coordinated_left(layout, mention, mentions)
            if mention.is_trigger or mention.label == "ACTOR":
                break


def _is_used(layout: Layout, draft: Draft, weapon: Mention) -> bool:
    """Whether a weapon before a verb is its subject or instrument, not the object of a verb without a tag."""
    if draft.voice is Voice.PASSIVE or not any(agent.index < weapon.index for agent in draft.of("agent")):
        return True
    return _WITH.search(layout.before(weapon, 40)) is not None


def link_attack_count(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> None:
    """Fill the count of attacks or weapons: *hit nine times*, *15 drones*, *two assaults*."""
    if draft.has("count"):
        return
    right = next(iter(following(mentions, draft.trigger)), None)
    if right is not None and right.label == "COUNT" and re.match(r"\s+(?:times|occasions)\b", layout.after(right, 12)):
        draft.fill("count", [right])
        return
    weapons = [layout.phrases[m.index].count for m in draft.of("weapon") if m.index in layout.phrases]
    counts = [count for count in weapons if count is not None]
    if counts and draft.type in {"LAUNCH", "INTERCEPT", "STRIKE"}:
        draft.fill("count", counts[:1])
        return
    left = next(iter(preceding(mentions, draft.trigger)), None)
    if (
        left is not None
        and left.label == "COUNT"
        and draft.voice is Voice.NOUN
        and layout.phrases[left.index].head is None
        and ADJACENT.fullmatch(layout.gap(left, draft.trigger))
    ):
        draft.fill("count", [left])


def link_toll(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> None:
    """*deaths among civilians reached 240*, *the toll in Lira rose to 34*: the number told after a noun of harm."""
    if draft.type not in HARM or draft.voice is not Voice.NOUN or draft.has("count"):
        return
    for mention in following(mentions, draft.trigger):
        if mention.is_trigger:
            return
        if mention.label == "COUNT" and _REACHED.search(layout.before(mention, 40)):
            draft.fill("count", [mention])
            return
