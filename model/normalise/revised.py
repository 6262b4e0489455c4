"""The figure that a newer one takes the place of: *the toll rose to 34 from 29*, *34, up from 29*.

COUNT spans carry the newer figure alone, so that the older one is read from the words around it in its sentence.
Only wordings that say outright that one figure followed another are read, and only where no third number stands
between the two. A comparison of two periods (*34, up from 29 a year earlier*) is no revision.
"""

import re
from typing import Final

from warwire.model.normalise.count import CountRange, normalise_count
from warwire.model.normalise.numerals import SCALES, TEENS, TENS, UNITS, fold
from warwire.model.sentences import split_sentences

_REACH: Final = 240
"""Code points on either side of the span in which the older figure can stand."""

_WORD: Final = "|".join(sorted([*UNITS, *TEENS, *TENS, *SCALES, "dozens", "scores", "hundreds"], key=len, reverse=True))
_NEAR: Final = (
    *("at least", "at most", "more than", "fewer than", "less than", "no fewer than", "as many as", "up to", "about"),
    *("around", "some", "nearly", "almost", "over", "under", "roughly", "approximately", "just", "only"),
    "an estimated",
)
_ABOUT: Final = f"(?:(?:{'|'.join(_NEAR)}) )?"
_DIGITS: Final = r"[0-9]+(?:[,.'\u00a0\u202f][0-9]{3})*"
_SPELLED: Final = rf"(?:an? (?=dozen|hundred|thousand|score))?(?:{_WORD})\b(?:(?:-| and | )(?:{_WORD})\b)*"
_NEXT: Final = (
    r"(?=\s*(?:[.,;:)\]\"'\u2013\u2014-]|$|(?:an?|the|on|in|at|by|as|and|but|to|when|that|since|before|after|earlier"
    r"|previously|initially|originally|reported|announced|given|cited|recorded|confirmed|counted|stated|said"
    r"|dead|deaths|killed|fatalities|wounded|injured|injuries|victims|casualties|people|persons|civilians|missing"
    r"|soldiers|children|were|was|had|have|yesterday|late|overnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b))"
    rf"(?!\s*(?:-|%|per ?cent|percent|years?|months?|weeks?|days?|hours?|and (?:[0-9]|(?:{_WORD})\b)"
    r"|kilomet|met(?:er|re)|miles?|km\b))"
    r"(?!(?: \w+){0,3},? (?:(?:an?|the) (?:week|month|year|decade) (?:earlier|before|ago)"
    r"|(?:during|over|in) the (?:same|previous|corresponding)"
    r"|(?:the )?(?:previous|last|same) (?:week|month|year|period)"
    r"|(?:in|for|during) (?:(?:19|20)[0-9]{2}|january|february|march|april|may|june|july|august|september|october"
    r"|november|december)))"
)
_OLDER: Final = rf"(?P<older>{_ABOUT}(?:{_DIGITS}|{_SPELLED})){_NEXT}"
_FIGURE: Final = (
    r"(?:(?:official|reported|confirmed|death|overall|casualty) ){0,2}"
    r"(?:toll|count|figure|estimate|tally|total|number|report|one)s?"
)
_FORMER: Final = r"(?:earlier|previous|initial|preliminary|provisional|prior|former|original|first|last)"
_AN_EARLIER: Final = rf"(?:(?:an?|the|its|their|his) )?(?:{_FORMER} )+(?:{_FIGURE} )?(?:of )?"
_CHANGE: Final = (
    r"\b(?:rose|risen|rises?|rising|climb(?:ed|s|ing)?|gr(?:ew|own)|jump(?:ed|s)?|went|gone|increas(?:ed|es|ing)"
    r"|rais(?:ed|es|ing)|revis(?:ed|es|ing)|updat(?:ed|es|ing)|correct(?:ed|s|ing)|adjust(?:ed|s)|upped"
    r"|lower(?:ed|s|ing)|cut|reduc(?:ed|es|ing)|fell|fallen|dropp?(?:ed|s)?|decreas(?:ed|es)|brought|brings|bringing"
    r"|doubl(?:ed|ing)|tripl(?:ed|ing)|mount(?:ed|s)?|surg(?:ed|ing)|soar(?:ed|ing)|mov(?:ed|es)|pass(?:ed|es))\b"
)
_TOLL: Final = re.compile(
    r"\b(?:toll|dead|deaths?|died|killed|wounded|injured|captured|detained|displaced|missing|number|figure|count|tally"
    r"|total|casualt\w+|fatalit\w+|victims|losses|estimate)\b"
)
_TO: Final = rf"\bto {_ABOUT}$"

_AFTER: Final = (
    re.compile(
        r"(?P<gap>[^.;:]{0,60}?),? [(\[]?(?:up|down|revised|increased|raised|reduced|lowered|corrected|a (?:rise|drop)"
        rf"|an increase)(?: (?:up|down)(?:wards?)?)? from (?:{_AN_EARLIER}|(?:the|a {_FIGURE} of) )?{_OLDER}"
    ),
    re.compile(
        rf"(?P<gap>[^.;:]{{0,120}}?)\b(?:{_FORMER}ly )?(?:updat|revis|correct|rais|increas|lower|replac|supersed)"
        rf"(?:ed|es|ing)\b(?: (?:up|down)(?:wards?)?)?(?: from)? {_AN_EARLIER}{_OLDER}"
    ),
    re.compile(
        r"(?P<gap>[^.;:]{0,80}?)\b(?:had|after|having)(?: been)? (?:\w+ )?(?:put|putting|reported|reporting|given|gave)"
        rf"(?: (?:the|it|its|their|that|this)\b(?: {_FIGURE})?)?(?: (?:at|as))? {_OLDER}"
    ),
    re.compile(rf"(?P<gap>[^.;:]{{0,40}}?) [(\[](?:previously|earlier|formerly|was|from)(?: at)? {_OLDER}"),
    re.compile(
        r"(?P<gap>[^.;:]{0,40}?),? (?:and )?(?:not|instead of|rather than) (?:the )?"
        rf"(?P<older>{_ABOUT}(?:{_DIGITS}|{_SPELLED}))[^.;:0-9]{{0,25}}\b(?:previously|earlier|initially|originally|first"
        r"|as) (?:\w+ )?(?:reported|stated|announced|said|thought|believed|given)"
    ),
)
"""What may follow the newer figure; `gap` is what stands between."""

_TO_FROM: Final = re.compile(rf"(?P<gap>[^.;:,]{{0,40}}?),? from (?:{_AN_EARLIER})?{_OLDER}")
"""*rose to 34 dead on Tuesday from 29*: after a verb of change alone."""

_BEFORE: Final = (
    re.compile(rf"{_CHANGE}[^.;:]*?\bfrom (?:{_AN_EARLIER})?{_OLDER}(?P<gap>[^.;:,0-9]{{0,20}}?){_TO}"),
    re.compile(
        rf"\b(?:initially|earlier|previously|originally|at first|first|had)\b[^.;:0-9]{{0,60}}?\b{_OLDER}"
        rf"(?P<gap>[^.;:0-9]{{0,60}}?){_CHANGE}[^.;:0-9]{{0,40}}?{_TO}"
    ),
)
"""What may lead up to the newer figure."""

_NUMBER_NEXT: Final = rf"(?:[0-9]|(?:{'|'.join(_NEAR)}|{_WORD})\b)"
_MAY_FOLLOW: Final = re.compile(
    rf" from (?:(?:an?|the|its|their|his) )?(?:{_NUMBER_NEXT}|{_FORMER}|{_FIGURE})"
    rf"|(?:not|instead of|rather than) (?:the )?(?:an? )?{_NUMBER_NEXT}"
    r"|(?:updat|revis|correct|rais|increas|lower|replac|supersed)(?:ed|es|ing)"
    r"|[(\[](?:previously|earlier|formerly|was|from)|(?:had|after|having)(?: been)? (?:\w+ )?(?:put|report|giv|gave)"
)
"""Words without which none of `_AFTER` and `_TO_FROM` matches; they stand before any full stop."""
_STEMS: Final = (
    "from", "not", "instead", "rather", "updat", "revis", "correct", "rais", "increas", "lower", "replac", "supersed",
    "(", "[", "put", "report", "giv", "gave",
)  # fmt: skip
"""One of these stands in whatever `_MAY_FOLLOW` matches; most texts have none, and need no search."""
_STOP: Final = re.compile(r"[.;:]")
_LEADS_UP: Final = ("to ", *(f"to {words} " for words in _NEAR))
"""What ends the words before the newer figure where any of `_BEFORE` matches."""
_LONGEST_LEAD: Final = max(map(len, _LEADS_UP))
_SHORT: Final = 48  # code points before the span that are looked at first

_CHANGED_TO: Final = re.compile(rf"{_CHANGE}[^.;:]{{0,60}}?{_TO}")
_UP: Final = re.compile(r"\b(?:up|rise|increase) from\b|\b(?:rose|risen|climbed|grew|grown|jumped)\b[^.;:]*? to\b")
_DOWN: Final = re.compile(r"\b(?:down|drop|lowered|reduced) from\b")
_NUMBER: Final = re.compile(rf"[0-9]|\b(?:{_WORD})\b")
_IN_SPAN: Final = re.compile(rf".+?(?:\bto .+|,? (?:up|down)) from {_OLDER}")


def revised_from(text: str, start: int, end: int) -> CountRange | None:
    """The figure that the COUNT span at these code points replaces, as its sentence tells, None where it does not.

    Raises:
        ValueError: the interval is empty or outside the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"start {start} and end {end} are no interval of a text of {len(text)} code points")
    left, right = max(0, start - _REACH), min(len(text), end + _REACH)
    if not _may_tell(text, left, start, end, right):
        return None
    window = text[left:right]
    sentences = split_sentences(window)
    if not sentences.items:
        return None
    sentence = sentences.items[sentences.index_at(start - left)]
    before = _plain(window[sentence.start : start - left])
    after = _plain(window[end - left : max(sentence.end, end - left)])
    older = _older(before, fold(text[start:end]), after)
    found = normalise_count(older) if older else None
    now = normalise_count(text[start:end])
    return found if found and now and _agrees(now, found, before, after) else None


def _may_tell(text: str, left: int, start: int, end: int, right: int) -> bool:
    """A quick look, before the sentence is found, that few counts pass."""
    stop = _STOP.search(text, end, right)
    after = fold(text[end : stop.start() if stop else right])
    if any(map(after.__contains__, _STEMS)) and _MAY_FOLLOW.search(f" {after}"):
        return True
    if text[max(0, start - 1) : start].isspace():
        before = fold(text[max(left, start - _SHORT) : start])
        before = before if len(before) > _LONGEST_LEAD else fold(text[left:start])
        if f"{before} ".endswith(_LEADS_UP):
            return True
    return end - start > len(" from ") and " from " in fold(text[start:end])


def _agrees(now: CountRange, older: CountRange, before: str, after: str) -> bool:
    """Whether the two differ, and that in the direction that the words give."""
    if now.min is None or older.min is None or (now.min, now.max) == (older.min, older.max):
        return False
    if _DOWN.search(after):
        return now.min < older.min
    return not _UP.search(before + after) or now.min > older.min


def _plain(words: str) -> str:
    """Folded, with the spaces at either end kept as one."""
    folded = fold(words)
    lead, trail = words[:1].isspace(), words[-1:].isspace() and folded
    return f"{' ' if lead else ''}{folded}{' ' if trail else ''}"


def _older(before: str, surface: str, after: str) -> str | None:
    told = _TOLL.search(before) or _TOLL.search(after)
    patterns = (_TO_FROM, *_AFTER) if told and _CHANGED_TO.search(before) else _AFTER
    matches = [pattern.match(after) for pattern in patterns]
    matches += [pattern.search(before) for pattern in _BEFORE if told]
    for match in matches:
        if match and not _NUMBER.search(match["gap"]):
            return match["older"]
    inside = _IN_SPAN.fullmatch(surface)
    return inside["older"] if inside else None
