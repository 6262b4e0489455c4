"""The status of an event, from cue words in its clause.

Cues are looked for in the clause before the trigger (back to the nearest trigger that is not coordinated with it, or to
a mark of punctuation that ends a clause) and right after it. The kinds are tried in the order denied, unverified,
planned; the first that has a cue wins.
"""

import re
from typing import Final

from warwire.model.linking.layout import Layout, Mention

_NOT: Final = r"\s*(?:not|n['’]t)"


def _cues(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


DENIED_BEFORE: Final = _cues(
    r"\bden(?:y|ies|ied|ying)\b",
    r"\bdisput(?:e|es|ed|ing)\b",
    r"\bcontradict\w*",
    r"\bno\b(?!\s+(?:doubt|immediate|comment|longer|fewer|less|later|more|one admitted|group|figure|mention|details|"
    r"official|word))",
    r"\b(?:nor|neither|never|none|nobody)\b",
    r"\bwithout\b(?!\s+(?:saying|warning|loss|elaborating|giving|naming))",
    rf"\b(?:did|does|do|had|has|have|was|were|is|are|would|will|could){_NOT}\b",
    r"\bnot\s+(?:\w+\s+)?$",
    r"\b(?:dismiss|reject|refut)\w*\s+(?:\w+\s+){0,3}(?:claims?|reports?|allegations?|accusations?|['‘\"“])",
    r"\bfalse(?:ly)?\b|\bfabricat\w+",
)
NOT_DENIED: Final = _cues(
    r"\bnot\s+(?:only|just|yet clear|known|say|immediately|disclose|specify|give|comment|discuss|speak)\b",
    r"\bno one (?:admitted|claimed|has claimed)\b",
)
DENIED_AFTER: Final = _cues(
    r"^(?:[^.;]{0,40}?)\b(?:did" + _NOT + r"\s+(?:happen|take place|occur|come from)|never\s+(?:happened|took place))",
    r"^(?:[^.;]{0,60}?)\b(?:is|was|were|are|as|called (?:it|them|the \w+)) [\"“']?"
    r"(?:false|untrue|denied|baseless|unfounded|fabricated|a lie)",
    r"^\s+(?:no one|nobody|nothing|none)\b",
)
UNVERIFIED_BEFORE: Final = _cues(
    r"\bun(?:confirmed|verified|clear)\b",
    r"\breportedly\s+$",
    r"\bnot\s+(?:immediately\s+|yet\s+|been\s+|independently\s+)*(?:clear|confirmed|verified|known|verif\w+|confirm\w*)",
    rf"\b(?:could|can|did){_NOT}\s+(?:be\s+)?(?:immediately\s+|independently\s+)*(?:verif|confirm)\w*",
    r"\b(?:unable|cannot)\s+(?:to\s+)?(?:be\s+)?(?:independently\s+)?(?:verif|confirm)\w*",
    r"\bwhether\b",
    r"\bno\s+(?:details|confirmation|word|figure)\b",
    r"\b(?:believed|presumed|feared|thought)\s+(?:to\s+(?:have\s+been|have|be)\s+)?$",
    r"\bspeculation\b|\brumou?rs?\b",
)
UNVERIFIED_AFTER: Final = _cues(
    r"(?:could|can|cannot|had|has|have|was|were|are|is)\s*(?:not|n['’]t)?\s*(?:been\s+|be\s+|able to\s+)?"
    r"(?:immediately\s+|independently\s+|yet\s+)*(?:verified|verify|confirmed|validated|[\"“]not validated)",
    r"\bunconfirmed|\bunverified|\bno independent confirmation|not been able to (?:confirm|verify)",
)
PLANNED_BEFORE: Final = _cues(
    r"\b(?:will|would|could|may|might|must|should|shall|can)\s+"
    r"(?:\w+ly\s+|also\s+|soon\s+|be\s+|not\s+|have\s+to\s+|need\s+to\s+)*(?:[\w\-]+\s+){0,2}$",
    r"\b(?:threat(?:s|en\w*)?|vow(?:s|ed|ing)?|plan(?:s|ned|ning)?|plot(?:s|ted|ting)?|prepar\w+|intend\w*|intent\w*)\b",
    r"\b(?:prevent\w*|foil\w*|thwart\w*|avert\w*|abort\w*|avoid\w*|deter|called\s+off|halted|ruled\s+out)\b",
    r"\b(?:risk|fears?|warn(?:s|ed|ing|ings)?|potential|future|imminent|impending|possible|possibility)\b",
    r"\b(?:expect\w*|likely|if|unless|promis\w+|pledg\w+|call(?:s|ed|ing)?\s+(?:for|on)|order(?:s|ed|ing)?)\b",
    r"\b(?:urg(?:e|es|ed|ing)|demand\w*|want(?:s|ed|ing)?|aim(?:s|ed|ing)?|attempt(?:s|ed|ing)?|tr(?:y|ies|ied|ying))\b",
    r"\b(?:seek\w*|sought|ready|readying|about\s+to|capable|authori[sz]ed|meant\s+for|coordinat\w+|support\s+an?|goal)\b",
    r"\b(?:propos\w+|consider\w*|agree[ds]?\s+to|resolution|ultimatum|options?\s+for|in\s+case\s+of|hop(?:e|es|ed|ing))\b",
    r"\b(?:refus\w+\s+to|as\s+soon\s+as|keep\s+up|massed|pretext)\b",
)
PLANNED_AFTER: Final = _cues(
    r"^\s+(?:could|may|might|will|would)\s+(?:\w+ly\s+|also\s+|soon\s+)?"
    r"(?:follow|continue|resume|begin|start|happen|come|take|rise|climb|increase|grow|go|intensify|spread|be|have|"
    r"lead|target)\b",
    r"^\s+(?:is|are|was|were|should be|to be)\s+(?:\w+ly\s+)?(?:likely|expected|planned|imminent|feared|foiled|"
    r"thwarted|averted|called off|ordered|under study|being planned|being considered)\b",
    r"^\s+(?:plans?|plots?|threats?|orders?|alerts?|warnings?)\b",
)
TO_INFINITIVE: Final = re.compile(r"\bto\s+(?:\w+ly\s+)?$")
REAL_INFINITIVE: Final = re.compile(
    r"\b(?:began|begun|start(?:ed|s)?|continu\w+|managed|forced|went on|used|able|"
    r"seem\w*|appear\w*|believed|said|"
    r"reported|known|thought|understood|alleged|claimed|were forced|led|helped|had|obliged|due|according|rose|risen|"
    r"failed|drove|driven|caus\w+|convoy|last|first)\s+(?:[\w\-]+\s+){0,4}to\s+(?:\w+ly\s+|have\s+|be\s+)?$"
)
_CLAUSE: Final = re.compile(
    r"[;:.!?\n,bwa](?:(?<=[;:.!?])\s|(?<=\n)|(?<=,)\s+(?:but|while|and|as|which|who|after|when|although|though)\b|"
    r"(?<=\bb)(?:ut|ecause)\b|(?<=\bw)hile\b|(?<=\ba)fter\b)"
)
"""The end of a clause; it begins with the set of its first characters, which is quick to find."""
_COORDINATED: Final = re.compile(r"\s*(?:,|,?\s*and|,?\s*or|nor)\s*(?:[\w\-]+\s+){0,2}")
_DENIED, _UNVERIFIED, _PLANNED = (
    re.compile(r"\W(?:" + cues.pattern.removeprefix(r"\b").replace(r"|\b", "|") + ")")
    for cues in (DENIED_BEFORE, UNVERIFIED_BEFORE, PLANNED_BEFORE)
)
"""The cues before a trigger, all of which begin a word: for a text after a space, where only word starts are tried."""
_DENYING: Final = (
    "happen", "take place", "took place", "occur", "come from", "false", "untrue", "denied", "baseless", "unfounded",
    "fabricated", "a lie", "no one", "nobody", "nothing", "none",
)  # fmt: skip
"""One of these stands in whatever `DENIED_AFTER` matches; most clauses have none, and need no search."""
_VERIFYING: Final = ("verif", "confirm", "validated")
"""As `_DENYING`, of `UNVERIFIED_AFTER`."""
_REACH: Final = 160
"""Code points before the trigger in which a cue can stand."""


def status_of(layout: Layout, trigger: Mention) -> str:
    """The status of an event."""
    before, after = _clause_before(layout, trigger), layout.after(trigger, 90)
    if _DENIED.search(" " + before) and not NOT_DENIED.search(before):
        return "denied"
    if any(map(after.__contains__, _DENYING)) and DENIED_AFTER.search(after):
        return "denied"
    if _UNVERIFIED.search(" " + before):
        return "unverified"
    if any(map(after.__contains__, _VERIFYING)) and UNVERIFIED_AFTER.search(after):
        return "unverified"
    infinitive = (
        before.rstrip().endswith(("to", "ly")) and TO_INFINITIVE.search(before) and not REAL_INFINITIVE.search(before)
    )
    if _PLANNED.search(" " + before.rpartition(", ")[2]) or PLANNED_AFTER.search(after) or infinitive:
        return "planned"
    return "asserted"


def _clause_before(layout: Layout, trigger: Mention) -> str:
    text = layout.before(trigger, _REACH)
    offset = trigger.span.start - len(text)
    for index in range(trigger.index - 1, -1, -1):
        mention = layout.mentions[index]
        if mention.span.start < offset:
            break
        if mention.is_trigger and _COORDINATED.fullmatch(layout.gap(mention, trigger)) is None:
            text = text[mention.span.end - offset :]
            break
    cut = [match.end() for match in _CLAUSE.finditer(text)]
    return text[cut[-1] :] if cut else text
