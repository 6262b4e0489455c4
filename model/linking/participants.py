"""Who does it and who suffers it: participants named in the trigger's own sentence.

The rules run over the triggers of a sentence from left to right.
"""

import re
from collections.abc import Sequence
from typing import Final

from warwire.model.linking.chains import ADJACENT, coordinated_left, coordinated_right, place_chain
from warwire.model.linking.draft import Draft
from warwire.model.linking.instruments import link_attack_count, link_toll, link_weapon
from warwire.model.linking.layout import Layout, Mention, Phrase, following, preceding
from warwire.model.linking.objects import VERB_COORDINATION, coordinated_phrases, find_objects
from warwire.model.linking.voice import Voice

FACILITY: Final = re.compile(
    r"\b(?:base|airport|airfield|plant|hospital|bridge|port|embassy|school|station|depot|refinery|terminal|camp|mosque|"
    r"church|building|house|university|headquarters|hotel|prison|market|barracks|consulate|checkpoint|dam|factory|clinic|"
    r"airbase|complex|facility|tower|stadium|opera|shipyard|mall|warehouse|silo|post|outpost|compound|palace|tunnel|"
    r"arsenal|substation|mill|works|theatre|theater|cathedral|monastery|synagogue|reactor|oilfield)s?\b",
    re.IGNORECASE,
)
_EXPLODED: Final = re.compile(
    r"(?:explo|detonat|went off|blew|go off|burst|crash|land|fell|fall|impact|drop|us(?:ed|ing|e)\b|set off|releas|"
    r"threw|throw|lobb|hurl|plant)",
    re.IGNORECASE,
)
_OWNER: Final = re.compile(r"\s+(?:of|held by|belonging to|used by|controlled by)\s+(?:the\s+)?(?:[\w\-]+\s+){0,2}")
_AIM: Final = re.compile(r"\b(?:at|on|against|towards?|into|upon|targeting|hit|struck|onto)\b(?:\s+[\w\-’']+){0,4}\s*$")
_BY: Final = re.compile(
    r"\bby\s+(?:(?:the|a|an|some|its|their|suspected|unidentified|unknown|heavily|alleged)\s+)*(?:[\w\-]+\s+){0,2}$"
)
_LIGHT_VERB: Final = re.compile(
    r"\b(?:launch|carr|conduct|stag|mount|wag|began|begun|unleash|order|step|continu|resum|intensif|plan|perform|deliver|made|"
    r"make|use|commit|lead|led|start|direct|execut|claim|respond|keep|kept|press|announc|open|trad|exchang|fir)\w*\b"
)
_PRONOUN: Final = re.compile(
    r"(?:\b(?:it|they|we|its (?:forces|troops|soldiers|fighters|men|aircraft|jets|planes|units|warplanes|navy))"
    r"(?:['’](?:ve|d|s))?\s+(?:(?:had|has|have|would|will|did|not|also|then|now|later|already|itself|\w+ly)\s+)*"
    r"|\b(?:den(?:y|ies|ied)|claim(?:s|ed)?|admit(?:s|ted)?|boast(?:s|ed)? of)\s+"
    r"(?:(?:to have|having|to|responsibility for)\s+)?)$"
)
_FROM: Final = re.compile(r"\bfrom\s+(?:the\s+)?(?:[\w\-]+\s+){0,2}$")
_GOVERNED: Final = re.compile(r"\b(?:against|from|with|of|on)\s+(?:the\s+)?$")
_OTHER_CLAUSE: Final = re.compile(r"[;]|\b(?:said|who|which|when|while)\b")
_BETWEEN: Final = re.compile(r"\bbetween\b(?:\s+[\w\-’']+){0,3}\s*$")


def link_participants(layout: Layout, drafts: Sequence[Draft], mentions: Sequence[Mention]) -> None:
    """Fill agent, target, weapon and count of the drafts of one sentence, given left to right."""
    taken: set[Mention] = set()
    for draft in drafts:
        phrases = find_objects(layout, draft, mentions)
        _enter_objects(layout, draft, phrases, mentions)
        taken |= set(draft.of("target"))
        link_toll(layout, draft, mentions)
        _link_aim(layout, draft, mentions)
        _link_loser(layout, draft, mentions)
        _link_agent(layout, draft, mentions, taken)
        link_weapon(layout, draft, mentions)
        link_attack_count(layout, draft, mentions)


def _enter_objects(layout: Layout, draft: Draft, phrases: Sequence[Phrase], mentions: Sequence[Mention]) -> None:
    for phrase in phrases:
        head = phrase.head
        if (
            head is not None
            and head.label == "WEAPON"
            and (
                draft.type in {"LAUNCH", "INTERCEPT"}
                or (draft.type == "STRIKE" and _EXPLODED.match(draft.trigger.surface))
            )
        ):
            draft.fill("weapon", [head])
        elif head is not None and head.label == "ACTOR" and _blows_up(draft, head):
            draft.fill("agent", [head])
        elif head is not None and head.label == "PLACE":
            _enter_place(layout, draft, head, mentions)
        elif head is not None:
            draft.fill("target", [head, *_owner(layout, draft, head)])
    counted = [phrase.count for phrase in phrases if phrase.count is not None]
    if counted and draft.type != "CLASH":
        draft.fill("count", counted[:1])


def _blows_up(draft: Draft, subject: Mention) -> bool:
    """*a bomber blew himself up*: the subject is the doer."""
    before = subject.index < draft.trigger.index
    return before and draft.type == "STRIKE" and _EXPLODED.match(draft.trigger.surface) is not None


def _owner(layout: Layout, draft: Draft, head: Mention) -> list[Mention]:
    """*positions of the militia*: whose they are is hit too."""
    after = layout.mentions[head.index + 1] if head.index + 1 < len(layout.mentions) else None
    if draft.type not in {"STRIKE", "CLASH"} or after is None or after.label != "ACTOR" or head.label != "TARGET":
        return []
    return [after] if _OWNER.fullmatch(layout.gap(head, after)) else []


def _link_loser(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> None:
    """*captured two villages from the rebels*: who lost the ground."""
    if draft.type != "CONTROL":
        return
    for mention in following(mentions, draft.trigger):
        if mention.is_trigger:
            return
        if mention.label == "ACTOR" and _FROM.search(layout.before(mention, 30)):
            draft.fill("target", [mention])
            return


def _enter_place(layout: Layout, draft: Draft, head: Mention, mentions: Sequence[Mention]) -> None:
    if draft.type in {"STRIKE", "DAMAGE"} and FACILITY.search(head.surface):
        draft.fill("target", [head])
    draft.fill("place", place_chain(layout, head, mentions))


def _link_aim(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> None:
    """*fired rockets at the base*, *fire hit the train*: what a launch is aimed at."""
    if draft.type != "LAUNCH":
        return
    for mention in following(mentions, draft.trigger):
        between = layout.text[draft.trigger.span.end : mention.span.start].lower()
        if mention.is_trigger and mention.label != "STRIKE":
            return
        if mention.label == "PLACE" and _AIM.search(between):
            draft.fill("place", place_chain(layout, mention, mentions))
            if FACILITY.search(mention.surface):
                draft.fill("target", [mention])
            return
        if mention.label in {"TARGET", "ACTOR"} and _AIM.search(between):
            phrase = layout.phrases[mention.index]
            draft.fill(
                "target",
                [p.head for p in coordinated_phrases(layout, phrase, mentions) if p.head is not None],
            )
            return


def _link_agent(layout: Layout, draft: Draft, mentions: Sequence[Mention], taken: set[Mention]) -> None:
    if draft.type == "CLASH" and _link_both_sides(layout, draft, mentions):
        return
    agents = _agent_by(layout, draft, mentions)
    if not agents and draft.voice is Voice.NOUN:
        agents = _agent_before_noun(layout, draft, mentions, taken)
    if not agents and draft.voice is Voice.ACTIVE:
        agents = _agent_of_pronoun(layout, draft, mentions) or _agent_left(layout, draft, mentions, taken)
    draft.fill("agent", [m for m in agents if m not in draft.of("target")])


def _link_both_sides(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> bool:
    for mention in following(mentions, draft.trigger):
        if mention.label == "ACTOR" and _BETWEEN.search(layout.gap(draft.trigger, mention)):
            draft.roles.pop("target", None)
            draft.fill("agent", coordinated_right(layout, mention, mentions, "ACTOR"))
            return True
        if mention.is_trigger:
            return False
    return False


def _agent_by(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> list[Mention]:
    for mention in following(mentions, draft.trigger):
        if mention.is_trigger and not VERB_COORDINATION.fullmatch(layout.gap(draft.trigger, mention)):
            if draft.voice is not Voice.PASSIVE:
                return []
            continue
        if mention.label == "ACTOR":
            between = layout.text[draft.trigger.span.end : mention.span.start].lower()
            found = _BY.search(between) and not _OTHER_CLAUSE.search(between)
            return coordinated_right(layout, mention, mentions, "ACTOR") if found else []
    return []


def _agent_before_noun(layout: Layout, draft: Draft, mentions: Sequence[Mention], taken: set[Mention]) -> list[Mention]:
    trail = draft.trigger
    for mention in preceding(mentions, draft.trigger):
        gap = layout.gap(mention, trail)
        if mention.label == "ACTOR" and mention not in taken:
            verb = layout.text[mention.span.end : draft.trigger.span.start].lower()
            if ADJACENT.fullmatch(gap) or _LIGHT_VERB.search(verb):
                return coordinated_left(layout, mention, mentions)
            return []
        if mention.label not in {"WEAPON", "COUNT", "TIME", "PLACE"} and not (
            mention.is_trigger and layout.tightly_coordinated(mention, trail)
        ):
            return []
        trail = mention
    return []


def _agent_of_pronoun(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> list[Mention]:
    """*the army said it had struck*, *Armenia denies firing*: whoever speaks is the doer."""
    if not _PRONOUN.search(layout.before(draft.trigger, 50)):
        return []
    for mention in preceding(mentions, draft.trigger):
        if mention.label in {"SPEAKER", "ACTOR"}:
            return coordinated_left(layout, mention, mentions)
    return []


def _agent_left(layout: Layout, draft: Draft, mentions: Sequence[Mention], taken: set[Mention]) -> list[Mention]:
    for mention in preceding(mentions, draft.trigger):
        if mention.label == "ACTOR" and mention not in taken:
            if _GOVERNED.search(layout.before(mention, 20)):
                continue
            return coordinated_left(layout, mention, mentions)
    return []
