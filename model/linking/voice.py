"""How a trigger stands in its sentence: this decides on which side its participants are looked for."""

import re
from enum import Enum
from typing import Final

from warwire.model.linking.layout import Layout, Mention


class Voice(Enum):
    """The form of a trigger."""

    ACTIVE = "active"  # fired, was shelling, to kill, killing 12: objects to the right
    PASSIVE = "passive"  # were killed, hit by: what suffers it to the left
    NOUN = "noun"  # strikes, shelling, death toll


NOUNS: Final = frozenset(
    """
    attack attacks strike strikes airstrike airstrikes raid raids shelling shellings bombardment bombardments
    bombing bombings blast blasts explosion explosions fire barrage barrages salvo salvos salvoes volley volleys
    launch launches fighting clash clashes battle battles assault assaults offensive offensives counteroffensive
    counter-offensive ambush ambushes incursion incursions advance advances withdrawal retreat capture takeover
    seizure recapture death deaths toll fatalities casualties casualty victims losses killing killings massacre
    massacres injuries injury damage destruction evacuation evacuations displacement exodus flight arrest arrests
    abduction abductions kidnapping kidnappings detention detentions interception interceptions crash firefight
    firefights gunfight shootout campaign push drive hit hits shooting shootings detonation gunbattle confrontation
    confrontations assassination assassinations retaliation counterattack counterattacks skirmish skirmishes loss
    murder murders execution executions hostage-taking gunfire impact impacts dead combat exchange exchanges
    violence raiding burning sinking downing hostilities order orders
    """.split()
)
_BE: Final = r"(?:was|were|been|being|be|is|are|get|got|gets|getting|'s|’s)"
_ADVERB: Final = (
    r"(?:\w+ly|also|later|then|all|both|still|again|not|n't|never|already|now|either|since|once|just|only|even)"
)
_AFTER_BE: Final = re.compile(rf"\b{_BE}(?:\s+{_ADVERB}){{0,3}}\s+$")
_BE_ENDS: Final = (
    "was", "were", "been", "being", "be", "is", "are", "get", "got", "gets", "getting", "'s", "’s", "ly", "also",
    "later", "then", "all", "both", "still", "again", "not", "n't", "never", "already", "now", "either", "since",
    "once", "just", "only", "even",
)  # fmt: skip
"""What a text ends with (but for white space) that `_AFTER_BE` matches; to ask for it first is much quicker."""
_AFTER_MODAL: Final = re.compile(
    r"\b(?:to|will|would|could|can|may|might|must|shall|should|did|does|do|not|n't|n’t|let|cannot|help)\s+(?:\w+ly\s+|also\s+)?$"
)
_MODAL_ENDS: Final = (
    "to", "will", "would", "could", "can", "may", "might", "must", "shall", "should", "did", "does", "do", "not",
    "n't", "n’t", "let", "cannot", "help", "ly", "also",
)  # fmt: skip
"""As `_BE_ENDS`, of `_AFTER_MODAL`."""
_DETERMINED: Final = re.compile(
    r"(?:\b(?:the|a|an|this|that|these|those|its|their|his|her|our|any|each|every|another|of|in|by|after|from|during|amid|"
    r"despite|for|with|no|new|more|heavy|fresh|recent|latest|further|intense|deadly|two|both|same|such|against|on|between)"
    r"|'s|’s|s'|s’)\s+(?:[\w\-]+\s+)?$"
)
_BEING: Final = re.compile(r"\bbeing\s+$")
_BEFORE_OBJECT: Final = re.compile(r"\s+(?:(?:the|an?|its|their)\s+)?(?:\w+ed\s+)?")
_BEFORE_NOUN: Final = re.compile(r"\s*(?:(?:the|a|an|all|its|their|some|other)\s+)*(?:[\w\-’']+\s+){0,2}")
_CIRCUMSTANCE: Final = re.compile(r"\s*(?:in|by|at|on|near|when|during|after|as|and|while)\b")
_OTHERS: Final = re.compile(r"\s*(?:people|others|more|of them|other people)?\s*")
_BY: Final = re.compile(r"\s*(?:\w+\s+){0,2}?by\b")
_COORDINATED_VERB: Final = re.compile(r"\s*(?:,|,?\s*and|,?\s*or)\s*(?:\w+ly\s+)?")
_INTRANSITIVE: Final = frozenset(
    """
    died die dies dying dead perished fled flee fleeing fell sank exploded detonated crashed collapsed went blew
    erupted raged broke unharmed withdrew retreated missing surrendered left leave leaving escape
    escaped escaping
    """.split()
)
_PARTICIPLE: Final = re.compile(
    r"\w+ed|hit|struck|shot|taken|driven|lost|hurt|blown|sunk|held|overrun|torn|beaten|set|brought|caught|flown|thrown|sent|led|put|broken"
)


def voice_of(layout: Layout, trigger: Mention) -> Voice:
    """The voice of a trigger, from its form and the words around it."""
    words = trigger.surface.lower().replace("-", " ").split() or [trigger.surface]
    before, after = layout.before(trigger), layout.after(trigger)
    if before.rstrip().endswith(_MODAL_ENDS) and _AFTER_MODAL.search(before) and words[-1] not in {"dead", "toll"}:
        return Voice.ACTIVE if words[0] not in _INTRANSITIVE else Voice.PASSIVE
    if words[0] in _INTRANSITIVE:
        return Voice.PASSIVE
    if words[-1] in NOUNS and not words[0].endswith("ed"):
        return _noun_or_verb(layout, trigger, words, before)
    if words[0].endswith("ing"):
        return Voice.PASSIVE if "being" in before and _BEING.search(before) else Voice.ACTIVE
    if _follows_be(before) or (_PARTICIPLE.fullmatch(words[0]) and _BY.match(after)):
        return Voice.PASSIVE
    return Voice.PASSIVE if _is_reduced_passive(layout, trigger, words[0]) else Voice.ACTIVE


def _noun_or_verb(layout: Layout, trigger: Mention, words: list[str], before: str) -> Voice:
    if words[-1].endswith("ing") and re.search(r",\s*(?:\w+ly\s+)?$", before):
        return Voice.ACTIVE
    if words[0] in {"hit", "hits"} and not _DETERMINED.search(before):
        return Voice.PASSIVE if _follows_be(before) or _BY.match(layout.after(trigger)) else Voice.ACTIVE
    if words[-1].endswith("ing") and (_follows_be(before) or _has_direct_object(layout, trigger)):
        return Voice.ACTIVE
    return Voice.NOUN


def _follows_be(before: str) -> bool:
    return before.rstrip().endswith(_BE_ENDS) and _AFTER_BE.search(before) is not None


def _has_direct_object(layout: Layout, trigger: Mention) -> bool:
    """*denied bombing the hospital*, *rebels fighting the army*: a verb form in *-ing* followed by its object."""
    if trigger.index + 1 >= len(layout.mentions):
        return False
    right = layout.mentions[trigger.index + 1]
    if right.sentence != trigger.sentence or right.label not in {"ACTOR", "TARGET", "COUNT", "PLACE"}:
        return False
    return _BEFORE_OBJECT.fullmatch(layout.gap(trigger, right)) is not None


def _is_reduced_passive(layout: Layout, trigger: Mention, word: str) -> bool:
    """Whether a participle without *be* has what suffers it on its left: *five wounded*, *houses damaged in*."""
    if _PARTICIPLE.fullmatch(word) is None:
        return False
    neighbours = layout.mentions
    left = neighbours[trigger.index - 1] if trigger.index else None
    right = neighbours[trigger.index + 1] if trigger.index + 1 < len(neighbours) else None
    if (
        right is not None
        and right.sentence == trigger.sentence
        and right.label in {"COUNT", "TARGET", "ACTOR", "WEAPON"}
    ):
        gap = layout.gap(trigger, right)
        if _BEFORE_NOUN.fullmatch(gap) and not _CIRCUMSTANCE.match(gap):
            return False
    if left is None or left.sentence != trigger.sentence:
        return False
    gap = layout.gap(left, trigger)
    if left.is_trigger and _COORDINATED_VERB.fullmatch(gap):
        return _follows_be(layout.before(left)) or _stands_after_victims(layout, left)
    return _stands_after_victims(layout, trigger)


def _stands_after_victims(layout: Layout, trigger: Mention) -> bool:
    """Whether nothing but words like *others* stands between those who suffer and the trigger: *two people killed*."""
    left = layout.mentions[trigger.index - 1] if trigger.index else None
    if left is None or left.sentence != trigger.sentence:
        return False
    return left.label in {"COUNT", "TARGET"} and _OTHERS.fullmatch(layout.gap(left, trigger)) is not None
