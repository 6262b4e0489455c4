"""Who does it, who suffers it, with what, how many: participants named in the trigger's own sentence.

The rules run over the triggers of a sentence from left to right. Each looks on the side that the trigger's voice names
and stops at other triggers that are not coordinated with it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention, Phrase, following, preceding
from warwire.model.linking.voice import Voice

HARM: Final = frozenset({"KILL", "INJURE", "DAMAGE", "DETAIN", "DISPLACE"})
ATTACK: Final = frozenset({"LAUNCH", "STRIKE", "CLASH"})

OBJECT_LABELS: Final[dict[str, frozenset[str]]] = {
    "KILL": frozenset({"TARGET", "ACTOR"}),
    "INJURE": frozenset({"TARGET", "ACTOR"}),
    "DETAIN": frozenset({"TARGET", "ACTOR"}),
    "DISPLACE": frozenset({"TARGET", "ACTOR"}),
    "DAMAGE": frozenset({"TARGET", "WEAPON", "PLACE"}),
    "STRIKE": frozenset({"TARGET", "ACTOR", "WEAPON", "PLACE"}),
    "CLASH": frozenset({"TARGET", "ACTOR"}),
    "CONTROL": frozenset({"PLACE", "TARGET", "ACTOR"}),
    "LAUNCH": frozenset({"WEAPON"}),
    "INTERCEPT": frozenset({"WEAPON", "TARGET"}),
}
"""What each type's grammatical object (or passive subject) can be."""

FACILITY: Final = re.compile(
    r"\b(?:base|airport|airfield|plant|hospital|bridge|port|embassy|school|station|depot|refinery|terminal|camp|mosque|"
    r"church|building|house|university|headquarters|hotel|prison|market|barracks|consulate|checkpoint|dam|factory|clinic|"
    r"airbase|complex|facility|tower|stadium|opera|shipyard|mall|warehouse|silo|post|outpost|compound|palace|tunnel|"
    r"arsenal|substation|mill|works|theatre|theater|cathedral|monastery|synagogue|reactor|oilfield)s?\b",
    re.IGNORECASE,
)

_OBJECT_STOP: Final = re.compile(
    r"[;:]|\b(?:in|near|by|with|from|when|while|after|before|who|which|that|as|during|since|because|but|until|over|outside|"
    r"inside|across|amid|where|using|through|within|under|if|said|says|for|between|around)\b"
)
_TOWARDS: Final = re.compile(
    r"\b(?:on|at|against|targeting|targeted|towards?|into|upon|struck|hit|hitting|striking|targets?|aimed|to|of|across|over)\b"
    r"(?:\s+[\w\-’']+){0,5}\s*$"
)
_EXPLODED: Final = re.compile(r"(?:explo|detonat|went off|blew up|go off|burst|crash|land|fell|fall|impact)", re.IGNORECASE)
_OWNER: Final = re.compile(r"\s+(?:of|held by|belonging to|used by|controlled by)\s+(?:the\s+)?(?:[\w\-]+\s+){0,2}")
_NUMBERS: Final = re.compile(
    r"\b(?:of|to|at|as|among|amongst|stood|stands|reached|rose|risen|climbed|:)\b(?:\s+[\w\-]+){0,3}\s*$"
)
_REACHED: Final = re.compile(
    r"\b(?:reached|reaching|passed|exceeded|topped|hit|was|is|now|to|at|numbered|surpassed|totalled|totaled|:)\s+(?:now\s+|only\s+)?$"
)
_AIM: Final = re.compile(r"\b(?:at|on|against|towards?|into|upon|targeting|hit|struck|onto)\b(?:\s+[\w\-’']+){0,4}\s*$")
_BY: Final = re.compile(r"\bby\s+(?:(?:the|a|an|some|its|their|suspected|unidentified|unknown|heavily|alleged)\s+)*(?:[\w\-]+\s+){0,2}$")
_VERB_COORDINATION: Final = re.compile(r"\s*(?:,|and|or|,\s*and|as well as|or)\s*(?:(?:also|then|\w+ly|at least|another|were|was)\s+)*")
_LIGHT_VERB: Final = re.compile(
    r"\b(?:launch|carr|conduct|stag|mount|wag|began|begun|unleash|order|step|continu|resum|intensif|plan|perform|deliver|made|"
    r"make|use|commit|lead|led|start|direct|execut|claim|respond|keep|kept|press|announc|open|trad|exchang|fir)\w*\b"
)
_WITH: Final = re.compile(r"\b(?:with|using|from|of|involving|by|carrying|including|via|through)\b(?:\s+[\w\-’']+){0,5}\s*$")
_BETWEEN: Final = re.compile(r"\bbetween\b(?:\s+[\w\-’']+){0,3}\s*$")
_AGAINST: Final = re.compile(r"\b(?:with|against|on|targeting|at|into)\b(?:\s+[\w\-’']+){0,4}\s*$")
_ADJACENT: Final = re.compile(
    r"(?:'s|’s|’|')?\s+(?:(?!(?:and|or|but|then|while|who|which|that|to|when|after|before|were|was|said)\b)[\w\-]+\s+){0,2}"
)
_APPOSITION: Final = re.compile(
    r"\s*(?:,|\(|-|—|–)?\s*(?:(?:in|of|at|near|on)\s+(?:the\s+)?)?"
    r"(?:(?!(?:to|from|into|towards?|with|by|until|while|after|before|for|as|against|where|via)\b)[\w\-]+\s+){0,2}"
)


def link_participants(layout: Layout, drafts: Sequence[Draft], mentions: Sequence[Mention]) -> None:
    """Fill agent, target, weapon and count of the drafts of one sentence, given left to right."""
    taken: set[Mention] = set()
    for draft in drafts:
        phrases = _objects(layout, draft, mentions)
        _enter_objects(layout, draft, phrases, mentions)
        taken |= set(draft.of("target"))
        _link_toll(layout, draft, mentions)
        _link_aim(layout, draft, mentions)
        _link_loser(layout, draft, mentions)
        _link_agent(layout, draft, mentions, taken)
        _link_weapon(layout, draft, mentions)
        _link_attack_count(layout, draft, mentions)


def coordinated_phrases(layout: Layout, first: Phrase, mentions: Sequence[Mention]) -> tuple[Phrase, ...]:
    """A noun phrase and those coordinated with it to its right, of compatible labels."""
    found = [first]
    last = first.last
    for mention in following(mentions, first.last):
        phrase = layout.phrases.get(mention.index)
        if phrase is None or phrase.first is not mention:
            if phrase is None:
                break
            continue
        if not layout.coordinated(last, mention) or not _compatible(first.label, phrase.label):
            break
        if _followed_by_own_verb(layout, phrase, mentions):
            break
        found.append(phrase)
        last = phrase.last
    return tuple(found)


def _compatible(first: str, second: str) -> bool:
    persons = {"TARGET", "ACTOR", "COUNT"}
    return first == second or {first, second} <= persons or {first, second} <= {"TARGET", "WEAPON", "COUNT"}


def _followed_by_own_verb(layout: Layout, phrase: Phrase, mentions: Sequence[Mention]) -> bool:
    """Whether the phrase is the subject of a trigger of its own: *two died and [five] were wounded*."""
    after = next(iter(following(mentions, phrase.last)), None)
    if after is None or not after.is_trigger:
        return False
    return re.fullmatch(r"\s+(?:(?:were|was|are|is|have|had|been|others?|more|people|of|them|also|then)\s+)*", layout.gap(phrase.last, after)) is not None


def _objects(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> tuple[Phrase, ...]:
    """The noun phrases that suffer the event (or are fired, or taken), from the side the voice names."""
    labels = OBJECT_LABELS[draft.type]
    if draft.voice is Voice.ACTIVE:
        first = _object_right(layout, draft, mentions, labels) or _who_leaves(layout, draft, mentions)
    elif draft.voice is Voice.PASSIVE:
        first = _subject_left(layout, draft, mentions, labels) or _object_right(layout, draft, mentions, labels)
    else:
        first = _object_of_noun(layout, draft, mentions, labels)
    if first is None:
        return ()
    return coordinated_phrases(layout, first, mentions) if first.first.index > draft.trigger.index else _leftwards(layout, first, mentions)


def _leftwards(layout: Layout, last: Phrase, mentions: Sequence[Mention]) -> tuple[Phrase, ...]:
    found = [last]
    for mention in preceding(mentions, last.first):
        phrase = layout.phrases.get(mention.index)
        if phrase is None:
            break
        if phrase.last is not mention:
            continue
        if not layout.coordinated(mention, found[0].first) or not _compatible(last.label, phrase.label):
            break
        found.insert(0, phrase)
    return tuple(found)


def _object_right(layout: Layout, draft: Draft, mentions: Sequence[Mention], labels: frozenset[str]) -> Phrase | None:
    last = draft.trigger
    skipped = ""
    for mention in following(mentions, draft.trigger):
        if mention.is_trigger:
            if not _VERB_COORDINATION.fullmatch(layout.gap(last, mention)) or mention.label not in HARM:
                return None
            last = mention
            continue
        skipped += layout.gap(last, mention)
        if _OBJECT_STOP.search(skipped) and not _leads_to_object(draft, skipped):
            return None
        phrase = layout.phrases.get(mention.index)
        if phrase is not None and (phrase.label in labels or (phrase.label == "COUNT" and draft.type != "CLASH")):
            return phrase
        if mention.label == "SPEAKER":
            return None
        last = mention
    return None


def _who_leaves(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> Phrase | None:
    """*200 families crossed the river*: verbs of flight without an object have those who flee before them."""
    if draft.type != "DISPLACE":
        return None
    return _subject_left(layout, draft, mentions, OBJECT_LABELS["DISPLACE"])


def _leads_to_object(draft: Draft, words: str) -> bool:
    """Whether prepositions between a verb and a noun phrase introduce what is attacked: *fired on*, *clashed with*."""
    if draft.type == "CLASH":
        return _AGAINST.search(words) is not None
    return draft.type == "STRIKE" and _TOWARDS.search(words) is not None


def _subject_left(layout: Layout, draft: Draft, mentions: Sequence[Mention], labels: frozenset[str]) -> Phrase | None:
    place: Phrase | None = None
    for mention in preceding(mentions, draft.trigger):
        if mention.is_trigger:
            gap = layout.gap(mention, draft.trigger)
            if _VERB_COORDINATION.fullmatch(gap):
                continue
            if place is not None or not re.search(r"\b(?:and|or|,|that|in|by)\b|,", gap):
                return place
            continue
        phrase = layout.phrases.get(mention.index)
        if phrase is None or (phrase.label not in labels and phrase.label != "COUNT"):
            continue
        if re.search(r"\bby\s+(?:[\w\-]+\s+){0,2}$", layout.before(phrase.first, 40)):
            continue
        if phrase.label == "PLACE":
            place = place or phrase
            continue
        return phrase
    return place


def _object_of_noun(layout: Layout, draft: Draft, mentions: Sequence[Mention], labels: frozenset[str]) -> Phrase | None:
    if draft.type in HARM:
        return _victims_of_noun(layout, draft, mentions, labels)
    if draft.type == "LAUNCH":
        return None
    last = draft.trigger
    for mention in following(mentions, draft.trigger):
        if mention.is_trigger and not layout.tightly_coordinated(last, mention):
            return None
        between = layout.text[draft.trigger.span.end : mention.span.start].lower()
        phrase = layout.phrases.get(mention.index)
        if phrase is not None and phrase.label in labels and _AGAINST_OR_ON(draft, between):
            return phrase
        last = mention
    return None


def _AGAINST_OR_ON(draft: Draft, between: str) -> bool:  # noqa: N802
    pattern = _AGAINST if draft.type == "CLASH" else _TOWARDS
    return pattern.search(between) is not None


def _victims_of_noun(layout: Layout, draft: Draft, mentions: Sequence[Mention], labels: frozenset[str]) -> Phrase | None:
    """*deaths of 12 miners*, *12 deaths*, *civilian casualties*."""
    for mention in following(mentions, draft.trigger):
        phrase = layout.phrases.get(mention.index)
        if phrase is None or mention.is_trigger:
            break
        if phrase.label in labels or phrase.label == "COUNT":
            between = layout.text[draft.trigger.span.end : mention.span.start].lower()
            return phrase if _NUMBERS.search(between) else None
    left = next(iter(preceding(mentions, draft.trigger)), None)
    if left is not None and left.index in layout.phrases:
        phrase = layout.phrases[left.index]
        gap = layout.gap(left, draft.trigger)
        if (phrase.label in labels or phrase.label == "COUNT") and re.fullmatch(r"(?:'s|’s)?\s+(?:[\w\-]+\s+){0,2}", gap):
            return phrase
    return None


def _link_toll(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> None:
    """*deaths among civilians reached 240*, *the toll in Lira rose to 34*: the number told after a noun of harm."""
    if draft.type not in HARM or draft.voice is not Voice.NOUN or draft.has("count"):
        return
    for mention in following(mentions, draft.trigger):
        if mention.is_trigger:
            return
        if mention.label == "COUNT" and _REACHED.search(layout.before(mention, 40)):
            draft.fill("count", [mention])
            return


def _enter_objects(layout: Layout, draft: Draft, phrases: Sequence[Phrase], mentions: Sequence[Mention]) -> None:
    for phrase in phrases:
        head = phrase.head
        if head is not None and head.label == "WEAPON" and (
            draft.type in {"LAUNCH", "INTERCEPT"} or (draft.type == "STRIKE" and _EXPLODED.match(draft.trigger.surface))
        ):
            draft.fill("weapon", [head])
        elif head is not None and head.label == "WEAPON" and draft.type == "STRIKE" and draft.voice is Voice.NOUN:
            draft.fill("target", [head])
        elif head is not None and head.label == "PLACE":
            _enter_place(layout, draft, head, mentions)
        elif head is not None:
            draft.fill("target", [head, *_owner(layout, draft, head)])
    counted = [phrase.count for phrase in phrases if phrase.count is not None]
    if counted and draft.type != "CLASH":
        draft.fill("count", counted[:1])


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
        if mention.label == "ACTOR" and re.search(r"\bfrom\s+(?:the\s+)?(?:[\w\-]+\s+){0,2}$", layout.before(mention, 30)):
            draft.fill("target", [mention])
            return


def _enter_place(layout: Layout, draft: Draft, head: Mention, mentions: Sequence[Mention]) -> None:
    if draft.type in {"STRIKE", "DAMAGE"} and FACILITY.search(head.surface):
        draft.fill("target", [head])
    draft.fill("place", place_chain(layout, head, mentions))


def place_chain(layout: Layout, first: Mention, mentions: Sequence[Mention]) -> list[Mention]:
    """A place with those that list on or contain it: *Homs in central Syria*, *Kharkiv, Sumy and Poltava*."""
    chain = [first]
    for mention in following(mentions, first):
        if mention.label != "PLACE" or not (
            _APPOSITION.fullmatch(layout.gap(chain[-1], mention)) or layout.tightly_coordinated(chain[-1], mention)
        ):
            break
        chain.append(mention)
    return chain


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
            draft.fill("target", [p.head for p in coordinated_phrases(layout, phrase, mentions) if p.head is not None])
            return


def _link_agent(layout: Layout, draft: Draft, mentions: Sequence[Mention], taken: set[Mention]) -> None:
    if draft.type == "CLASH" and _link_both_sides(layout, draft, mentions):
        return
    agents = _agent_by(layout, draft, mentions)
    if not agents and draft.voice is Voice.NOUN:
        agents = _agent_before_noun(layout, draft, mentions, taken)
    if not agents and draft.voice is Voice.ACTIVE:
        agents = _agent_left(layout, draft, mentions, taken)
    draft.fill("agent", [m for m in agents if m not in draft.of("target")])


def _link_both_sides(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> bool:
    for mention in following(mentions, draft.trigger):
        if mention.label == "ACTOR" and _BETWEEN.search(layout.gap(draft.trigger, mention)):
            draft.roles.pop("target", None)
            draft.fill("agent", _coordinated(layout, mention, mentions, "ACTOR"))
            return True
        if mention.is_trigger:
            return False
    return False


def _agent_by(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> list[Mention]:
    for mention in following(mentions, draft.trigger):
        if mention.is_trigger and not _VERB_COORDINATION.fullmatch(layout.gap(draft.trigger, mention)):
            if draft.voice is not Voice.PASSIVE:
                return []
            continue
        if mention.label == "ACTOR":
            between = layout.text[draft.trigger.span.end : mention.span.start].lower()
            found = _BY.search(between) and not re.search(r"[;]|\b(?:said|who|which|when|while)\b", between)
            return _coordinated(layout, mention, mentions, "ACTOR") if found else []
    return []


def _agent_before_noun(layout: Layout, draft: Draft, mentions: Sequence[Mention], taken: set[Mention]) -> list[Mention]:
    trail = draft.trigger
    for mention in preceding(mentions, draft.trigger):
        gap = layout.gap(mention, trail)
        if mention.label == "ACTOR" and mention not in taken:
            verb = layout.text[mention.span.end : draft.trigger.span.start].lower()
            if _ADJACENT.fullmatch(gap) or _LIGHT_VERB.search(verb):
                return _coordinated_left(layout, mention, mentions)
            return []
        if mention.label not in {"WEAPON", "COUNT", "TIME", "PLACE"} and not (mention.is_trigger and layout.tightly_coordinated(mention, trail)):
            return []
        trail = mention
    return []


def _agent_left(layout: Layout, draft: Draft, mentions: Sequence[Mention], taken: set[Mention]) -> list[Mention]:
    for mention in preceding(mentions, draft.trigger):
        if mention.label == "ACTOR" and mention not in taken:
            if re.search(r"\b(?:against|from|with|of|on)\s+(?:the\s+)?$", layout.before(mention, 20)):
                continue
            return _coordinated_left(layout, mention, mentions)
    return []


def _coordinated(layout: Layout, first: Mention, mentions: Sequence[Mention], label: str) -> list[Mention]:
    chain = [first]
    for mention in following(mentions, first):
        if mention.label != label or not layout.tightly_coordinated(chain[-1], mention):
            break
        chain.append(mention)
    return chain


def _coordinated_left(layout: Layout, last: Mention, mentions: Sequence[Mention]) -> list[Mention]:
    chain = [last]
    for mention in preceding(mentions, last):
        if mention.label != last.label or not layout.tightly_coordinated(mention, chain[0]):
            break
        chain.insert(0, mention)
    return chain


def _link_weapon(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> None:
    if draft.has("weapon") or draft.type in {"CONTROL", "DETAIN", "DISPLACE"}:
        return
    draft.fill("weapon", next(_weapon_candidates(layout, draft, mentions), []))


def _weapon_candidates(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    left = next(iter(preceding(mentions, draft.trigger)), None)
    if left is not None and left.label == "WEAPON" and left not in draft.of("target") and _ADJACENT.fullmatch(layout.gap(left, draft.trigger)):
        yield _coordinated_left(layout, left, mentions)
    for mention in following(mentions, draft.trigger):
        if mention.label == "WEAPON" and mention not in draft.of("target"):
            if _WITH.search(layout.gap(layout.mentions[mention.index - 1], mention)):
                yield _coordinated(layout, mention, mentions, "WEAPON")
            break
    if draft.voice is not Voice.NOUN:
        for mention in preceding(mentions, draft.trigger):
            if mention.label == "WEAPON" and mention not in draft.of("target") and _is_used(layout, draft, mention):
                yield _coordinated_left(layout, mention, mentions)
            if mention.is_trigger or mention.label == "ACTOR":
                break


def _is_used(layout: Layout, draft: Draft, weapon: Mention) -> bool:
    """Whether a weapon before a verb is its subject or instrument, not the object of a verb without a tag."""
    if draft.voice is Voice.PASSIVE or not any(agent.index < weapon.index for agent in draft.of("agent")):
        return True
    return _WITH.search(layout.before(weapon, 40)) is not None


def _link_attack_count(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> None:
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
    if left is not None and left.label == "COUNT" and draft.voice is Voice.NOUN and layout.phrases[left.index].head is None and _ADJACENT.fullmatch(layout.gap(left, draft.trigger)):
        draft.fill("count", [left])
