"""Ranges of numbers from the surface of COUNT spans, as section 5 of the annotation guide sets them.

Where the guide is silent, the readings are: *a few* and *handful* like *several*, 3 and up; *tens* 20 and
up; *several hundred* 300 and up; *as many as* like *up to*; *upwards of* like *more than*, its dictionary
sense; *at least 20 to 25* is 20 and up; *11 of the 20* is 11; *half of the 20* about 10; *twice* is 2.
Spans carry no leading article, so that *few* stands for *a few* and *dozen* for *a dozen*.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from warwire.model.normalise.numerals import SCALES, Numeral, fold, read_numeral
from warwire.model.normalise.parts import read_part
from warwire.model.normalise.vague import GUIDE, VagueTable

BOUNDS: Final = ("exact", "at_least", "at_most", "more_than", "less_than", "about", "range", "vague")
"""How a range is meant; at_least and at_most include their number, more_than and less_than do not."""


@dataclass(frozen=True, slots=True)
class CountRange:
    """The whole numbers from `min` to `max`, both included; None means open.

    Raises:
        ValueError: the range is empty or the bound unknown.
    """

    min: int | None
    max: int | None
    bound: str

    def __post_init__(self) -> None:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"empty range {self.min}..{self.max}")
        if self.bound not in BOUNDS:
            raise ValueError(f"unknown bound {self.bound!r}")


_LONGEST: Final = 100  # characters; no count is longer, and the patterns below stay quick

_DEGREE: Final = r"(?:(?:well|far|just|slightly|a little|considerably|significantly|much|many|way) )?"
_LEADS: Final = {
    "at_least": r"at (?:the )?(?:very )?least|not? (?:fewer|less) than|as few as"
    r"|(?:at )?(?:a |the )?minimum(?: of)?",
    "more_than": rf"{_DEGREE}(?:more than|over|above)|in excess of|upwards? of|north of|exceeding|greater than",
    "at_most": r"not? more than|up to(?: and including)?|as (?:many|much) as|(?:a )?max(?:imum|\.)?(?: of)?"
    r"|at (?:the )?(?:very )?most",
    "less_than": rf"{_DEGREE}(?:fewer than|less than|under|below)",
    "about": r"about|around|some|nearly|almost|roughly|approximately|approx\.?|circa|ca\.?|c\.|close to"
    r"|(?:an )?estimated|est\.?|in the region of|(?:in|on|of) the order of|somewhere around|something like"
    r"|perhaps|maybe|possibly|probably|more or less|just short of|barely",
    "exact": r"the|these|those|all(?! but | except | bar )(?: of)?|(?:a )?total of|(?:a )?combined|(?:an )?additional"
    r"|another|other|(?:a )?further|(?:an )?extra|remaining|just|only|exactly|precisely|even|including|(?:a )?reported"
    r"|reportedly|(?:a )?(?:mere|record|whopping)|each of|every one of",
}
_LEAD: Final = re.compile(f"(?:{'|'.join(f'(?P<{bound}>{words})' for bound, words in _LEADS.items())}) ")

_THINGS: Final = (
    r"people|persons?|civilians?|children|child|others?|men|man|women|woman|members?|soldiers?|troops?|fighters?"
    r"|militants?|insurgents?|rebels?|officers?|servicemen|hostages?|prisoners?|victims?|casualties|deaths?|dead"
    r"|injured|wounded|drones?|uavs?|missiles?|rockets?|shells?|mortars?|bombs?|warheads?|munitions?"
    r"|tanks?|vehicles?|aircraft|airplanes?|planes?|jets?|helicopters?|ships?|boats?|vessels?|howitzers?|guns?"
    r"|strikes?|airstrikes?|attacks?|raids?|assaults?|clashes|explosions?|blasts?|rounds?"
)
_TAILS: Final = {
    "about": r"[ -]odd| or so|-?ish|-some",
    "at_least": r" ?\+|[ -]plus| or (?:more|greater)| and (?:more|counting)| at (?:the )?(?:very )?least",
    "at_most": r" or (?:fewer|less)| at (?:the )?(?:very )?most",
    "exact": r" more|[ -]strong| (?:further|additional|extra|other|altogether|overall|so far)"
    r"| in (?:all|total)| of(?: (?:them|these|those|whom|which))?"
    rf"|(?: of(?: the| its| their)?)?[ -](?:{_THINGS})",
}
_TAIL: Final = re.compile(f"(?:{'|'.join(f'(?P<{bound}>{words})' for bound, words in _TAILS.items())})$")

_ATOMS: Final = {
    **dict.fromkeys(
        ("no", "none", "nil", "neither", "no one", "no-one", "nobody", "not one", "not a single"), (0, "exact")
    ),
    **dict.fromkeys(("single", "lone", "sole", "once"), (1, "exact")),
    **dict.fromkeys(("both", "pair", "duo", "twice"), (2, "exact")),
    **dict.fromkeys(("trio", "thrice"), (3, "exact")),
    "couple": (2, "about"),
}
_ARTICLE: Final = re.compile(r"an? (?=(?:couple|pair|duo|trio|single|lone|sole|few|handful)\b)")

_ANY_ARTICLE: Final = re.compile(r"^an? ")

_VAGUE: Final = re.compile(
    r"(?:(?:a |the |these |those )?(?P<some>several|few|many|couple)(?: of)? )?"
    r"(?P<first>tens|(?:dozen|score|hundred|thousand|lakh|crore|million|billion)s?)"
    r"(?: (?:of )?(?P<second>(?:hundred|thousand|lakh|crore|million)s?))?"
)
_VAGUE_JOINT: Final = re.compile(
    r",? (?:to|or even|or possibly|or perhaps|or|if not|perhaps|possibly|maybe|even|and possibly) "
)
_REPEATED: Final = re.compile(r"(?P<word>[a-z]+s) (?:and|upon|on|after) (?P=word)")

_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_REFUSED: Final = re.compile(
    r"\btimes (?!the |as many as the )|\b(?:twice|double|thrice|triple) as many\b(?! as the )"
    r"|no (?:more|further|additional|extra|others?)\b(?! than)"
)
_JOINT: Final = re.compile(r"-to-|-or-| ?- ?| to |,? or |,? (?:or )?(?:maybe|perhaps|possibly|even) ")
_HANGING: Final = re.compile(r"- (?=(?:or|to) )")  # *two- or three-man*
_AND: Final = re.compile(r" and ")
_TWICE_TOLD: Final = re.compile(r"(?P<one>[^()]+) \((?P<other>[^()]+)\)")
_DIGIT_PLURAL: Final = re.compile(r"\b(?:10|100|1,?000)s\b")
_DIGIT_PLURALS: Final = {"10s": "tens", "100s": "hundreds", "1000s": "thousands", "1,000s": "thousands"}
_SPAN: Final = re.compile(r"(?:(?:some|any)where )?(?P<word>between|from|either) ")
_ABOUT: Final = re.compile(rf"(?:{_LEADS['about']}) ")
_SCALE_NAMES: Final = {value: name for name, value in SCALES.items()}

_CHANGED: Final = re.compile(
    r"(?:(?:has|have|had) )?(?:rose|risen|rises|rising|climbed|climbing|grew|grown|increased|jumped|went up"
    r"|fell|fallen|dropped|decreased)(?: (?:by|from) [^,]+?)? to (?P<now>.+)"
)
_NOW_FROM: Final = re.compile(
    r"(?P<now>.+?),? \(?(?:(?:up|down|revised|increased|raised|lowered|reduced)(?: (?:up|down)(?:wards?)?)? )?"
    r"(?:from|compared (?:with|to)) (?P<before>[^)]+)\)?"
)
_CLIMB: Final = re.compile(
    r"(?P<low>.+?),? (?:and |but |or )?(?:possibly |perhaps |maybe |even )?"
    r"(?P<high>(?:up to|as many as|no more than|not more than|at most|fewer than|less than) .+)"
)
_SYMBOLS: Final = {
    "~": "about ",
    "≈": "about ",
    "≥": "at least ",
    "≤": "up to ",
    ">": "more than ",
    "<": "less than ",
}
_BRACKETS: Final = {"(": ")", "[": "]", '"': '"', "'": "'"}


def normalise_count(text: str, vague: VagueTable = GUIDE) -> CountRange | None:
    """The range of numbers that the text of a COUNT span allows, or None where it is not surely a count.

    `vague` says what *dozens*, *several* and the like come to; the scores are defined over the guide's table.

    Designators (*T-72*), calibres, dates, ages, distances, money, percentages, ordinals, ratios (*twice as
    many*) and years that stand alone (*2014*) give None, and so does every phrase that is not understood to
    its end.
    """
    if len(text) > _LONGEST:
        return None
    return _normalise(text, vague)


@lru_cache(maxsize=8192)
def _normalise(text: str, vague: VagueTable) -> CountRange | None:
    phrase = fold(text)
    if phrase and _BRACKETS.get(phrase[0]) == phrase[-1]:
        phrase = phrase[1:-1]
    phrase = phrase.strip().rstrip(".,;:")
    if phrase and phrase[0] in _SYMBOLS:
        phrase = _SYMBOLS[phrase[0]] + phrase[1:].lstrip()
    if _YEAR.fullmatch(phrase) and not phrase.endswith("00"):
        return None
    if _REFUSED.search(phrase):
        return None
    phrase = _DIGIT_PLURAL.sub(lambda match: _DIGIT_PLURALS[match[0]], phrase)
    return _read(phrase.removesuffix(" times"), vague)


def _read(phrase: str, vague: VagueTable) -> CountRange | None:
    if phrase == "another":
        return CountRange(1, 1, "exact")
    if told := _TWICE_TOLD.fullmatch(phrase):
        one, other = _read_bounded(told["one"], vague), _read_bounded(told["other"], vague)
        return one if one == other else None
    return _read_bounded(phrase, vague) or _read_change(phrase, vague) or _read_climb(phrase, vague)


def _read_bounded(phrase: str, vague: VagueTable) -> CountRange | None:
    """A quantity behind any approximators (*at least*) and before any additions (*or more*, *of them*)."""
    core, bounds = phrase, set[str]()
    while lead := _LEAD.match(core):
        bounds.add(str(lead.lastgroup))
        core = core[lead.end() :]
    while True:
        quantity = _read_quantity(core, vague)
        if quantity is not None:
            return _bounded(quantity, bounds)
        tail = _TAIL.search(core)
        if tail is None or not tail.start():
            return None
        bounds.add(str(tail.lastgroup))
        core = core[: tail.start()]


def _bounded(quantity: CountRange, bounds: Iterable[str]) -> CountRange | None:
    """The quantity under its approximators; None where one bounds it from below and another from above."""
    low, high = quantity.min, quantity.max
    below = {"at_least", "more_than"}.intersection(bounds)
    above = {"at_most", "less_than"}.intersection(bounds)
    if below and above:
        return None
    if below:
        if high is None or low is None:
            return quantity
        return CountRange(low + 1, None, "more_than") if "more_than" in below else CountRange(low, None, "at_least")
    if above:
        if high is None:
            return None
        if "less_than" not in above:
            return CountRange(0, high, "at_most")
        return CountRange(0, high - 1, "less_than") if high else None
    return replace(quantity, bound="about") if quantity.bound == "exact" and "about" in bounds else quantity


def _read_quantity(core: str, vague: VagueTable) -> CountRange | None:
    """A number, a word for one, a range, a vague plural or a part of a number, without approximators."""
    core = core[article.end() :] if (article := _ARTICLE.match(core)) else core
    if ends := vague.range_of(core) or vague.range_of(_ANY_ARTICLE.sub("", core, count=1)):
        return CountRange(ends[0], ends[1], "vague")
    if atom := _ATOMS.get(core):
        return CountRange(atom[0], atom[0], atom[1])
    if number := read_numeral(core):
        return CountRange(number.value, number.value, "exact")
    return _read_vague(core, vague) or _read_part(core) or _read_range(core)


def _read_part(core: str) -> CountRange | None:
    ends = read_part(core)
    return CountRange(*ends) if ends else None


def _read_vague(core: str, vague: VagueTable) -> CountRange | None:
    """*dozens*, *several hundred*, *tens of thousands*; of two (*dozens, if not hundreds*) the lesser."""
    if joint := _VAGUE_JOINT.search(core):
        low, high = _read_vague(core[: joint.start()], vague), _read_vague(core[joint.end() :], vague)
        ascending = low and high and low.min is not None and high.min is not None and low.min < high.min
        return low if ascending else None
    match = _VAGUE.fullmatch(_REPEATED.sub(r"\g<word>", core))
    if match is None:
        return None
    some, first, second = match["some"], match["first"], match["second"]
    if some is None and not first.endswith("s"):
        return None
    word = some if some and some != "many" else first if first.endswith("s") else f"{first}s"
    ends = vague.range_of(word) or ((2, 2) if word == "couple" else None)
    scale = SCALES[first.removesuffix("s")] if word == some else 1
    if second:
        factor = SCALES[second.removesuffix("s")]
        if factor <= SCALES.get(first.removesuffix("s"), 10) and not first.endswith("s"):
            return None
        scale *= factor
    if ends is None or (word == some and first == "tens"):
        return None
    low_end, high_end = ends[0] * scale, None if ends[1] is None else ends[1] * scale
    return CountRange(low_end, high_end, "about" if word == "couple" else "vague")


def _read_range(core: str) -> CountRange | None:
    """*20 to 25*, *20-25*, *between 20 and 25*, *three or four*; None where it can be split in two ways."""
    core = _HANGING.sub(" ", core)
    span = _SPAN.match(core)
    joint = _JOINT
    if span:
        core = core[span.end() :]
        joint = _AND if span["word"] == "between" and _AND.search(core) else _JOINT
    found = {
        pair
        for match in joint.finditer(core)
        if (pair := _join(core[: match.start()], core[match.end() :], match[0])) is not None
    }
    if len(found) != 1:
        return None
    low, high = found.pop()
    return CountRange(low, high, "range")


def _join(left: str, right: str, joint: str) -> tuple[int, int] | None:
    if joint.strip() == "-" and left[:1].isdigit() != right[:1].isdigit():
        return None
    if _YEAR.fullmatch(left) and _YEAR.fullmatch(right):
        return None
    left, right = _ABOUT.sub("", left, count=1), _ABOUT.sub("", right, count=1)
    high = read_numeral(right)
    if high is None:
        return None
    low = _read_lower(left, high)
    return (low, high.value) if low is not None and low < high.value else None


def _read_lower(left: str, high: Numeral) -> int | None:
    """The lower end, under the scale word of the upper one where they share it: *two to three hundred*."""
    low = read_numeral(left)
    if low is None or (low.scale == 1 and high.scale > 1 and low.coefficient < high.coefficient):
        shared = read_numeral(f"{left} {_SCALE_NAMES.get(high.scale, '')}")
        return shared.value if shared and high.scale in _SCALE_NAMES else None
    if low.scale == 1 and high.scale == 0 and low.value < 100:
        return None
    return low.value


def _read_change(phrase: str, vague: VagueTable) -> CountRange | None:
    """*rose to 34 from 29*, *34, up from 29*: the newer number."""
    if changed := _CHANGED.fullmatch(phrase):
        return _read(changed["now"], vague)
    came = _NOW_FROM.fullmatch(phrase)
    return _read_bounded(came["now"], vague) if came and _read_bounded(came["before"], vague) else None


def _read_climb(phrase: str, vague: VagueTable) -> CountRange | None:
    """*at least 20 and possibly up to 30*: a range."""
    match = _CLIMB.fullmatch(phrase)
    low = match and _read_bounded(match["low"].removeprefix("from "), vague)
    high = match and _read_bounded(match["high"], vague)
    if not low or not high or low.min is None or high.max is None or low.min >= high.max:
        return None
    return None if low.bound in ("range", "vague", "at_most", "less_than") else CountRange(low.min, high.max, "range")
