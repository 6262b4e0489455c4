"""What an event takes over from the events around it: from its cause, from the sentence before, from a quotation."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from warwire.model.linking.circumstances import credits_pronoun
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention
from warwire.model.linking.objects import ATTACK, HARM
from warwire.model.linking.split import names_part
from warwire.model.linking.voice import Voice

_CAUSED: Final = frozenset({"STRIKE", "LAUNCH", "CLASH", *HARM})
_DEFINITE: Final = re.compile(
    r"\b(?:the|this|(?:in|of|by|after|during) that|these|those|such|latest|both)\s+(?:(?!an?\b|new\b)[\w\-]+\s+){0,2}$"
)
_KILLED_BY_IT: Final = re.compile(
    r"\s*(?:,?\s*(?:that|which)\s+(?:\w+ly\s+)?|,\s*|\s)(?:has\s+|had\s+|also\s+|reportedly\s+)*"
)
_IN_IT: Final = re.compile(r"\b(?:in|by|during)\s+(?:the|an?|this|that|those|these)?\s*(?:[\w\-’']+\s+){0,5}$")
_OF_THEM: Final = re.compile(r"\s+of\s+(?:them|these|those|which)\b")
_OF_THOSE: Final = re.compile(r"\s+of\s+(?:them|those|whom)\b")
_PLACE_REACH: Final = 1
"""Sentences back to which a place is taken over."""

_LOOK_BACK: Final = 40
"""Events back to which anything is taken over, so that the time stays linear in a text without paragraphs."""

_SPEAKER_REACH: Final = 12
"""Sentences back to which the speaker of a quotation is looked for."""

_ANOTHER_HAPPENING: Final = re.compile(
    r"[;:]|\b(?:while|whereas|but|although|meanwhile|in response|in retaliation|earlier|since|after|before|when)\b"
)
_WHEN: Final = re.compile(r"\b(?:when|after)\b")
"""*five died when rockets hit the yard*: after a harm, the clause tells its cause."""


def carry_within(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Share participants between the events of one sentence that tell one happening."""
    for i, draft in enumerate(drafts):
        before = drafts[:i][::-1]
        _share_count_victims(layout, draft, before)
        _share_agent_and_weapon(layout, draft, [*before, *drafts[i + 1 :]])
    for draft in drafts:
        _share_target(layout, draft, drafts)


def _share_count_victims(layout: Layout, draft: Draft, before: Sequence[Draft]) -> None:
    """*20 soldiers were seized and three of them killed*: the three are soldiers."""
    if draft.type not in HARM or draft.has("target"):
        return
    if not any(_OF_THOSE.match(layout.after(count, 12)) for count in draft.of("count")):
        return
    for other in before:
        if other.type in HARM and other.has("target"):
            draft.fill("target", other.of("target")[:1])
            return


def _share_agent_and_weapon(layout: Layout, draft: Draft, others: Sequence[Draft]) -> None:
    if draft.type not in _CAUSED:
        return
    for role in ("agent", "weapon"):
        if draft.has(role) or (role == "weapon" and draft.type in {"DETAIN", "DISPLACE"}):
            continue
        for other in others:
            fillers = [m for m in other.of(role) if m not in draft.of("target")]
            if other.type == "CLASH" and role == "agent" and not other.has("target"):
                continue
            if other.type in _CAUSED and fillers and _told_together(layout, draft, other):
                draft.fill(role, fillers)
                break


def _told_together(layout: Layout, one: Draft, other: Draft) -> bool:
    """Whether no break of clause that starts another happening lies between two triggers."""
    low, high = sorted((one.trigger, other.trigger), key=lambda m: m.index)
    between = layout.gap(low, high)
    if low.label in HARM and high.label in ATTACK and _WHEN.search(between):
        between = _WHEN.sub("", between)
    return _ANOTHER_HAPPENING.search(between) is None


def _share_target(layout: Layout, draft: Draft, drafts: Sequence[Draft]) -> None:
    """*a strike killed a general*, *two guards died in the attack*: whoever is killed was hit."""
    if draft.type not in {"STRIKE", "CLASH"} or draft.has("target"):
        return
    for other in drafts:
        if other.type not in {"KILL", "INJURE"} or not other.has("target"):
            continue
        if other.trigger.index > draft.trigger.index:
            linked = _KILLED_BY_IT.fullmatch(layout.gap(draft.trigger, other.trigger)) is not None
        else:
            linked = _in_it(layout, other.trigger, draft.trigger)
        if linked and draft.voice is Voice.NOUN:
            draft.fill("target", [m for m in other.of("target") if not names_part(layout, m)])
            return


def _in_it(layout: Layout, victims: Mention, attack: Mention) -> bool:
    """Whether an attack is named as what people were killed in or by, with no other trigger between."""
    between = layout.mentions[victims.index + 1 : attack.index]
    if any(m.is_trigger or m.label == "SPEAKER" for m in between):
        return False
    return _IN_IT.search(layout.gap(victims, attack)) is not None


def carry_from_before(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Let events take what their sentence leaves to what was just said; drafts in the order of the text."""
    paragraphs = [layout.paragraph(draft.trigger) for draft in drafts]
    for i, draft in enumerate(drafts):
        near = drafts[bisect_left(paragraphs, paragraphs[i] - 1, max(0, i - _LOOK_BACK), i) : i][::-1]
        _carry_place(layout, draft, near)
        _carry_counted_weapons(layout, draft, near)
        if draft.voice is Voice.NOUN and _DEFINITE.search(layout.before(draft.trigger, 40)):
            _carry_repeat(draft, near)


def _carry_counted_weapons(layout: Layout, draft: Draft, near: Sequence[Draft]) -> None:
    """*Rebels fired nine rockets. The army shot down six of them*: the six are rockets."""
    if draft.type not in {"INTERCEPT", "LAUNCH"}:
        return
    if not any(_OF_THEM.match(layout.after(count, 16)) for count in draft.of("count")):
        return
    for other in near:
        fired = [weapon for weapon in other.of("weapon") if weapon not in draft.of("weapon")]
        if other.type in {"LAUNCH", "INTERCEPT", "STRIKE"} and fired:
            draft.fill("weapon", fired)
            return


def _carry_place(layout: Layout, draft: Draft, near: Sequence[Draft]) -> None:
    if draft.has("place") or not _goes_on(layout, draft):
        return
    for other in near:
        own = [place for place in other.of("place") if draft.trigger.sentence - place.sentence <= _PLACE_REACH]
        if own:
            draft.fill("place", own)
            return


def _goes_on(layout: Layout, draft: Draft) -> bool:
    """Whether an event is told as part of the happening before it: a repeat, or people hit without a new agent."""
    if draft.voice is Voice.NOUN and _DEFINITE.search(layout.before(draft.trigger, 40)):
        return True
    return draft.type in {"KILL", "INJURE", "DAMAGE"} and not draft.has("agent")


def _carry_repeat(draft: Draft, near: Sequence[Draft]) -> None:
    """*the attack*, *the blast*: the event told before, with its agent and weapon."""
    for other in near:
        if other.type == draft.type or (other.type in ATTACK and draft.type in ATTACK):
            for role in ("agent", "weapon", "target"):
                if not draft.has(role):
                    draft.fill(
                        role,
                        [m for m in other.of(role) if m not in (*draft.of("target"), *draft.of("agent"))],
                    )
            return


def carry_speakers(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Credit events of a continued quotation, and of *he said*, to the speaker named before."""
    quoted = layout.quoted
    speakers = {s: [m for m in ms if m.label == "SPEAKER"] for s, ms in layout.by_sentence.items()}
    for draft in drafts:
        if draft.has("speaker"):
            continue
        sentence = draft.trigger.sentence
        if sentence in quoted or credits_pronoun(layout, sentence):
            draft.fill(
                "speaker",
                _speaker_before(layout, sentence, speakers) or _speaker_after(sentence, quoted, speakers),
            )


def _speaker_before(layout: Layout, sentence: int, speakers: dict[int, list[Mention]]) -> list[Mention]:
    paragraph = layout.sentences.items[sentence].paragraph
    for earlier in range(sentence - 1, max(-1, sentence - 1 - _SPEAKER_REACH), -1):
        if paragraph - layout.sentences.items[earlier].paragraph > 2:
            return []
        if speakers.get(earlier):
            return speakers[earlier][-1:]
    return []


def _speaker_after(sentence: int, quoted: frozenset[int], speakers: dict[int, list[Mention]]) -> list[Mention]:
    following = sentence + 1
    return speakers.get(following, [])[:1] if sentence in quoted else []
