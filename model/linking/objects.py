"""What suffers an event, is fired or is taken: a verb's object, a passive's subject, a noun's *of* or *on*.

Each rule looks on the side that the trigger's voice names and stops at other triggers that are not coordinated with it.
"""

import re
from collections.abc import Sequence
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

VERB_COORDINATION: Final = re.compile(
    r"\s*(?:,|and|or|,\s*and|as well as|or)\s*(?:(?:also|then|\w+ly|at least|another|were|was)\s+)*"
)
_OBJECT_STOP: Final = re.compile(
    r"[;:]|\b(?:in|near|by|with|from|when|while|after|before|who|which|that|as|during|since|because|but|until|over|outside|"
    r"inside|across|amid|where|using|through|within|under|if|said|says|for|between|around)\b"
)
_TOWARDS: Final = re.compile(
    r"\b(?:on|at|against|targeting|targeted|towards?|into|upon|struck|hit|hitting|striking|targets?|aimed|to|of|across|over)\b"
    r"(?:\s+[\w\-’']+){0,5}\s*$"
)
_AGAINST: Final = re.compile(r"\b(?:with|against|on|targeting|at|into)\b(?:\s+[\w\-’']+){0,4}\s*$")
_NUMBERS: Final = re.compile(
    r"\b(?:of|to|at|as|among|amongst|stood|stands|reached|rose|risen|climbed|:)\b(?:\s+[\w\-]+){0,3}\s*$"
)
_BEFORE_OWN_VERB: Final = re.compile(
    r"\s+(?:(?:were|was|are|is|have|had|been|others?|more|people|of|them|also|then)\s+)*"
)
_BEFORE_NOUN: Final = re.compile(r"(?:'s|’s)?\s+(?:[\w\-]+\s+){0,2}")
_JOINED: Final = re.compile(r"\b(?:and|or|,|that|in|by)\b|,")
_BY: Final = re.compile(r"\bby\s+(?:[\w\-]+\s+){0,2}$")


def find_objects(layout: Layout, draft: Draft, mentions: Sequence[Mention]) -> tuple[Phrase, ...]:
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
    return (
        coordinated_phrases(layout, first, mentions)
        if first.first.index > draft.trigger.index
        else _leftwards(layout, first, mentions)
    )


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
    return _BEFORE_OWN_VERB.fullmatch(layout.gap(phrase.last, after)) is not None


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
            if not VERB_COORDINATION.fullmatch(layout.gap(last, mention)) or mention.label not in HARM:
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
            if VERB_COORDINATION.fullmatch(gap):
                continue
            if place is not None or not _JOINED.search(gap):
                return place
            continue
        phrase = layout.phrases.get(mention.index)
        if phrase is None or (phrase.label not in labels and phrase.label != "COUNT"):
            continue
        before = layout.before(phrase.first, 40)
        if "by" in before and _BY.search(before):
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
        if phrase is not None and phrase.label in labels and _aims_at(draft, between):
            return phrase
        last = mention
    return None


def _aims_at(draft: Draft, between: str) -> bool:
    pattern = _AGAINST if draft.type == "CLASH" else _TOWARDS
    return pattern.search(between) is not None


def _victims_of_noun(
    layout: Layout, draft: Draft, mentions: Sequence[Mention], labels: frozenset[str]
) -> Phrase | None:
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
        if (phrase.label in labels or phrase.label == "COUNT") and _BEFORE_NOUN.fullmatch(gap):
            return phrase
    return None
