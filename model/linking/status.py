"""The status of an event, from cue words in its clause.

Cues are looked for in the clause before the trigger (back to the nearest trigger that is not coordinated with it, or
to a strong mark of punctuation) and, for a few, right after it.
"""

import re
from typing import Final

from warwire.model.linking.layout import Layout, Mention

DENIED_BEFORE: Final = re.compile(
    r"\bden(?:y|ies|ied|ying)\b|\b(?:no|nor|neither|never|without|none)\b(?!\s+(?:doubt|immediate|comment|longer|fewer|less|later|more))|"
    r"\b(?:did|does|do|had|has|have|was|were|is|are|would|will|could)\s*(?:not|n['’]t)\b|\bnot\s+(?:\w+\s+)?$|"
    r"\b(?:dismissed|rejected|refuted)\s+(?:\w+\s+){0,3}(?:claims?|reports?|allegations?|accusations?)\b|\bfalse(?:ly)?\b"
)
NOT_DENIED: Final = re.compile(r"\bnot\s+(?:only|just|yet clear|known|say|immediately|disclose|specify|give|comment)\b")
UNVERIFIED_BEFORE: Final = re.compile(
    r"\b(?:un(?:confirmed|verified|clear)|reportedly\s+$|not\s+(?:immediately\s+|yet\s+|been\s+)*(?:clear|confirmed|verified|known)|"
    r"(?:could|can|unable to|cannot|did)\s*(?:not|n['’]t)?\s*(?:be\s+)?"
    r"(?:immediately\s+|independently\s+)*(?:verif|confirm)\w*|"
    r"whether|no\s+(?:details|confirmation)|not\s+(?:independently\s+)?(?:verif|confirm)\w*)"
)
UNVERIFIED_AFTER: Final = re.compile(
    r"(?:could|can|cannot|had|has|have|was|were)\s*(?:not|n['’]t)?\s*(?:been\s+|be\s+)?(?:immediately\s+|independently\s+|yet\s+)*"
    r"(?:verified|confirmed)|\bunconfirmed|\bunverified|\bno independent confirmation"
)
DENIED_AFTER: Final = re.compile(
    r"^(?:[^.;]{0,40}?)\b(?:did\s*(?:not|n['’]t)\s+(?:happen|take place|occur)|"
    r"never\s+(?:happened|took place)|was\s+(?:false|untrue|denied)|"
    r"were\s+(?:false|untrue|denied))"
)
PLANNED_BEFORE: Final = re.compile(
    r"\b(?:will|would|could|may|might|must|should|shall|can)\s+(?:\w+ly\s+|also\s+|soon\s+|be\s+|not\s+|have\s+to\s+|need\s+to\s+)*(?:[\w\-]+\s+){0,2}$|"
    r"\b(?:threat(?:s|en\w*)?|vow(?:s|ed|ing)?|plan(?:s|ned|ning)?|plot(?:s|ted|ting)?|prepar\w+|intend\w*|intent\w*|"
    r"prevent\w*|foil\w*|thwart\w*|avert\w*|abort\w*|risk|fears?|feared|warn(?:s|ed|ing|ings)?|potential|future|imminent|"
    r"impending|possible|possibility|expect\w*|likely|if|unless|promis\w+|pledg\w+|call(?:s|ed|ing)?\s+(?:for|on)|order(?:s|ed|ing)?|"
    r"urg(?:e|es|ed|ing)|demand\w*|want(?:s|ed|ing)?|aim(?:s|ed|ing)?|attempt(?:s|ed|ing)?|tr(?:y|ies|ied|ying)|seek\w*|sought|"
    r"ready|readying|about\s+to|capable|able\s+to|avoid\w*|deter|coordinat\w+|support\s+an?|called\s+off|halted|goal|mission|"
    r"propos\w+|consider\w*|agree[ds]?\s+to|resolution|ultimatum|options?\s+for|in\s+case\s+of|hop(?:e|es|ed|ing)|refus\w+\s+to)\b"
)
PLANNED_AFTER: Final = re.compile(
    r"^\s+(?:could|may|might|is likely|was likely|will|would|is expected|was expected|are expected|were expected|"
    r"is planned|was planned|"
    r"plans?|plots?|threats?|orders?|alerts?|warnings?|was foiled|was thwarted|was called off|were ordered|"
    r"was imminent|is imminent|"
    r"is feared|are feared|were averted|was averted)\b"
)
TO_INFINITIVE: Final = re.compile(r"\bto\s+(?:\w+ly\s+)?$")
REAL_INFINITIVE: Final = re.compile(
    r"\b(?:began|begun|start(?:ed|s)?|continu\w+|managed|forced|went on|used|able|seem\w*|appear\w*|believed|said|"
    r"reported|"
    r"known|thought|understood|alleged|claimed|were forced|led|helped|had|obliged|due|according|rose|risen|"
    r"failed)\s+to\s+(?:\w+ly\s+|have\s+|be\s+)?$"
)
_CLAUSE: Final = re.compile(
    r"[;:.!?]\s|\n|,\s+(?:but|while|and|as|which|who|after|when|although|though)\b|\bbut\b|\bwhile\b|\bafter\b|\bbecause\b"
)


def status_of(layout: Layout, trigger: Mention) -> str:
    """The status of an event; the nearest kind of cue wins in the order denied, unverified, planned."""
    before, after = _clause_before(layout, trigger), layout.after(trigger, 90)
    if (DENIED_BEFORE.search(before) and not NOT_DENIED.search(before)) or DENIED_AFTER.search(after):
        return "denied"
    if UNVERIFIED_BEFORE.search(before) or UNVERIFIED_AFTER.search(after):
        return "unverified"
    infinitive = TO_INFINITIVE.search(before) and not REAL_INFINITIVE.search(before)
    if PLANNED_BEFORE.search(before) or PLANNED_AFTER.search(after) or infinitive:
        return "planned"
    return "asserted"


def _clause_before(layout: Layout, trigger: Mention) -> str:
    text = layout.before(trigger, 160)
    start = len(layout.before(trigger, 10_000)) - len(text)
    offset = layout.sentences.items[trigger.sentence].start + start
    for index in range(trigger.index - 1, -1, -1):
        mention = layout.mentions[index]
        if mention.span.start < offset:
            break
        gap = layout.gap(mention, trigger)
        if (
            mention.is_trigger
            and re.fullmatch(r"\s*(?:,|and|or|,?\s*and|,?\s*or|nor)\s*(?:[\w\-]+\s+){0,2}", gap) is None
        ):
            text = text[mention.span.end - offset :]
            break
    cut = [match.end() for match in _CLAUSE.finditer(text)]
    return text[cut[-1] :] if cut else text
