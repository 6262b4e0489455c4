"""Where, when, from where, and who says so: circumstances named in the trigger's own sentence."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from warwire.model.linking.chains import place_chain
from warwire.model.linking.draft import Draft
from warwire.model.linking.layout import Layout, Mention

_CROSSING_COST: Final = 20
_LEFT_COST: Final = 45
_ORIGIN: Final = re.compile(
    r"\b(?:from|out of)\s+(?:the\s+)?(?:(?!(?:to|towards?|into|on|at|for)\b)[\w\-’']+\s+){0,3}$"
)
_DIRECTLY: Final = re.compile(r"\s+(?:the\s+)?(?:[\w\-]+\s+of\s+)?")
_POSSESSIVE: Final = ("'s", "’s", "’ ", "' ", "´s", "-based")
_OWNS_SPEAKER: Final = re.compile(r"(?:'s|’s|’|'|-based)?\s+(?:[\w\-]+\s+){0,4},?\s*")
_OF_SPEAKER: Final = re.compile(
    r"(?:,\s*)?(?:the\s+)?(?:[\w\-]+\s+){0,5}(?:of|in|for|to)\s+(?:the\s+)?(?:[\w\-]+\s+){0,2}"
)
_SPEAKER_LIST: Final = re.compile(
    r"\s*(?:,|and|or|,\s*and|as well as|citing)?\s*(?:(?:the|a|an|its)\s+)?(?:[\w\-]+\s+){0,2}"
)
_DATELINE: Final = re.compile(
    r"\s*(?:,[^.\n]{0,40})?(?:\([^)]*\)\s*)?(?:,?\s*[A-Z]?\w{2,9}\.?\s+\d{1,2}(?:,\s*\d{4})?\s*)?(?:\([^)]*\)\s*)?[-–—]+\s"
)
_SAYING: Final = (
    r"(?:sa(?:id|ys|y|ying)|stat\w+|report\w*|claim\w*|add\w*|confirm\w*|announc\w+|den\w+|told|tell\w*|warn\w*|insist\w*|acknowledg\w+|"
    r"wrote|writ\w+|post\w*|accus\w+|not\w+|estimat\w+|count\w*|put|declar\w+|allege\w*|recall\w*|describ\w+|believe\w*|vow\w*|boast\w*|"
    r"suggest\w*|indicat\w+|blam\w+|quoted|tweet\w*|explain\w*|record\w*|document\w*|argu\w+|call\w*|threat\w*|promis\w+|disput\w+)"
)
_OPENS_STATEMENT: Final = re.compile(rf"^.{{0,160}}?\b{_SAYING}\b", re.DOTALL)
_PRONOUN_SAID: Final = re.compile(rf"\b(?:he|she|they|it)\s+(?:also\s+|later\s+)?{_SAYING}\b", re.IGNORECASE)
_HAS_PRONOUN: Final = re.compile(r"\W(?:[hH][eE]|[sSſ][hH][eE]|[tT][hH][eE][yY]|[iIİı][tT])\s")
"""What a sentence, after a space, must hold for `_PRONOUN_SAID` to match; quick, as only word starts are tried."""
_ACCORDING: Final = re.compile(
    r"\b(?:according to|citing|quoting|by|told|said|says|reported|from|as)\s+(?:\w+\s+){0,6}$"
)


def link_circumstances(layout: Layout, drafts: Sequence[Draft], mentions: Sequence[Mention]) -> None:
    """Fill place, origin, time and speaker of the drafts of one sentence."""
    chains = _place_chains(layout, mentions)
    origins = [chain for chain in chains if _ORIGIN.search(layout.before(chain[0], 40))]
    places = [chain for chain in chains if chain not in origins]
    times = [[m] for m in mentions if m.label == "TIME"]
    speakers = _speaker_groups(layout, [m for m in mentions if m.label == "SPEAKER"])
    for draft in drafts:
        _link_origin(layout, draft, origins, places)
        if not draft.has("place"):
            origin = draft.of("origin")
            free = [chain for chain in places if not set(chain) & set(origin)] if origin else places
            draft.fill("place", _nearest(layout, draft, free))
        draft.fill("time", _nearest(layout, draft, times))
        draft.fill("speaker", _speakers_of(layout, draft, speakers))


def _place_chains(layout: Layout, mentions: Sequence[Mention]) -> list[list[Mention]]:
    chains: list[list[Mention]] = []
    seen: set[Mention] = set()
    for mention in mentions:
        if mention.label != "PLACE" or mention in seen:
            continue
        chain = place_chain(layout, mention, mentions)
        seen |= set(chain)
        if not _belongs_to_speaker(layout, chain) and not _is_dateline(layout, chain):
            chains.append(chain)
    return chains


def _belongs_to_speaker(layout: Layout, chain: Sequence[Mention]) -> bool:
    last = chain[-1]
    after = layout.mentions[last.index + 1] if last.index + 1 < len(layout.mentions) else None
    if after is not None and after.sentence == last.sentence and after.label == "SPEAKER":
        gap = layout.gap(last, after)
        if gap.startswith(_POSSESSIVE) and _OWNS_SPEAKER.fullmatch(gap):
            return True
    before = layout.mentions[chain[0].index - 1] if chain[0].index else None
    if before is not None and before.sentence == last.sentence and before.label == "SPEAKER":
        gap = layout.gap(before, chain[0])
        return _OF_SPEAKER.fullmatch(gap.lstrip()) is not None and not re.search(_SAYING, gap)
    return layout.after(last, 8).startswith(("-based", "-backed", "-led", "-held"))


def _is_dateline(layout: Layout, chain: Sequence[Mention]) -> bool:
    sentence = layout.sentences.items[chain[0].sentence]
    if chain[0].span.start - sentence.start > 3 and not chain[0].surface.isupper():
        return False
    return _DATELINE.match(layout.text[chain[-1].span.end : sentence.end]) is not None


def _link_origin(
    layout: Layout, draft: Draft, origins: Sequence[list[Mention]], places: Sequence[list[Mention]]
) -> None:
    if draft.type == "DISPLACE":
        draft.fill("origin", _left_behind(layout, draft, origins, places))
    elif draft.type in {"LAUNCH", "STRIKE"}:
        right = [chain for chain in origins if chain[0].index > draft.trigger.index]
        draft.fill("origin", right[0] if right else ())


def _left_behind(
    layout: Layout, draft: Draft, origins: Sequence[list[Mention]], places: Sequence[list[Mention]]
) -> Sequence[Mention]:
    """Where people fled from: *from X*, *fled X*, else a place named before the verb."""
    if origins:
        return _nearest(layout, draft, origins)
    for chain in places:
        if chain[0].index == draft.trigger.index + 1 and _DIRECTLY.fullmatch(layout.gap(draft.trigger, chain[0])):
            return chain
    before = [chain for chain in places if chain[-1].index < draft.trigger.index]
    return before[-1] if before else ()


def _nearest(layout: Layout, draft: Draft, groups: Sequence[Sequence[Mention]]) -> Sequence[Mention]:
    """The group at the least distance from the trigger, in characters; crossing another trigger costs more."""
    if len(groups) < 2:
        return groups[0] if groups else ()
    return min(groups, key=lambda group: _distance(layout, draft.trigger, group))


def _distance(layout: Layout, trigger: Mention, group: Sequence[Mention]) -> int:
    first, last = group[0], group[-1]
    if first.index > trigger.index:
        low, high, cost = trigger, first, 0
    else:
        low, high, cost = last, trigger, _LEFT_COST
    crossed = max(layout.triggers_before[high.index] - layout.triggers_before[low.index + 1], 0)
    return high.span.start - low.span.end + cost + _CROSSING_COST * crossed


def _speakers_of(layout: Layout, draft: Draft, groups: Sequence[list[Mention]]) -> list[Mention]:
    """The speakers of a sentence who are credited with an event: all of a list, else the one whose words hold it."""
    if len(groups) < 2:
        return groups[0] if groups else []
    covering = [group for group in groups if _covers(layout, group, draft.trigger, groups)]
    return (
        covering[-1] if covering else min(groups, key=lambda group: abs(group[0].span.start - draft.trigger.span.start))
    )


def _speaker_groups(layout: Layout, speakers: Sequence[Mention]) -> list[list[Mention]]:
    groups = [[speaker] for speaker in speakers[:1]]
    for speaker in speakers[1:]:
        gap = layout.gap(groups[-1][-1], speaker)
        if _SPEAKER_LIST.fullmatch(gap) and not re.search(_SAYING, gap):
            groups[-1].append(speaker)
        else:
            groups.append([speaker])
    return groups


def _covers(layout: Layout, group: Sequence[Mention], trigger: Mention, groups: Sequence[Sequence[Mention]]) -> bool:
    """Whether an event lies in the words of a speaker: after *X said*, or before *according to X* and *X said.*"""
    first, last = group[0], group[-1]
    position = next(i for i, other in enumerate(groups) if other is group)
    credited_before = _ACCORDING.search(layout.before(first, 60)) is not None
    if trigger.index > last.index:
        following = groups[position + 1] if position + 1 < len(groups) else None
        return not credited_before and (following is None or trigger.index < following[0].index)
    earlier = groups[position - 1] if position else None
    return credited_before and (earlier is None or trigger.index > earlier[-1].index)


def credits_pronoun(layout: Layout, sentence: int) -> bool:
    """Whether a sentence is credited to a pronoun: *he said*, *it added*, *they said*."""
    item = layout.sentences.items[sentence]
    return _credits_pronoun(layout.text[item.start : item.end])


@lru_cache(maxsize=128)
def _credits_pronoun(sentence: str) -> bool:
    """Remembered, as it is asked for each event of a sentence."""
    return _HAS_PRONOUN.search(" " + sentence) is not None and _PRONOUN_SAID.search(sentence) is not None
