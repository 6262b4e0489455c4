"""Counts that are told as a part or a multiple of another: *11 of the 20*, *half of the 20*, *all but two of 36*.

A share without a number that it is a share of (*half of them*, *twice as many*) is not resolved here.
"""

import re
from fractions import Fraction
from math import ceil, floor
from typing import Final

from warwire.model.normalise.numerals import UNITS, read_numeral

Ends = tuple[int, int, str]
"""Least and greatest number, and the bound of `CountRange`."""

_OF: Final = r"(?:out )?of (?P<the>(?:all )?(?:(?:the|those|these|its|their|all) )?)"
_SHARE: Final = re.compile(rf"(?P<part>.+?) {_OF}(?P<whole>.+)")
_ALL_BUT: Final = re.compile(rf"all (?:but|except|bar) (?P<part>.+?) {_OF}(?P<whole>.+)")
_MOST: Final = re.compile(r"(?:most|(?:the |a )?majority) of (?:the|those|these|its|their) (?P<whole>.+)")
_PROPORTIONS: Final = frozenset({2, 3, 4, 5, 10, 100})  # *nine out of ten* is a ratio, not nine things
_FRACTION: Final = re.compile(
    r"(?:(?P<parts>a|one|two|three|four|five)[ -])?(?P<name>half|third|quarter|fifth|sixth|eighth|tenth)s? "
    r"(?:of (?:(?:the|all|its|their|those|these) )?|(?<=half )the )(?P<whole>.+)"
)
_NAMES: Final = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_MULTIPLE: Final = re.compile(
    r"(?:(?P<word>twice|double|thrice|triple|treble)|(?P<times>.+?) times)"
    r"(?: (?:as many as|the number of|as much as))?(?: the| those| these) (?P<whole>.+)"
)
_WORDS: Final = {"twice": 2, "double": 2, "thrice": 3, "triple": 3, "treble": 3}


def read_part(phrase: str) -> Ends | None:
    """The number that a folded phrase tells as a part or a multiple of another, None where it does not."""
    return _read_fraction(phrase) or _read_rest(phrase) or _read_share(phrase) or _read_multiple(phrase)


def _read_fraction(phrase: str) -> Ends | None:
    """*a third of 100*: about that many, between the two whole numbers around it."""
    match = _FRACTION.fullmatch(phrase)
    whole = match and read_numeral(match["whole"])
    if not match or not whole:
        return None
    share = Fraction(UNITS.get(match["parts"] or "", 1), _NAMES[match["name"]])
    if share >= 1:
        return None
    return floor(share * whole.value), ceil(share * whole.value), "about"


def _read_rest(phrase: str) -> Ends | None:
    """*all but two of the 20* are 18; *most of the 20* are 11 to 20."""
    if match := _ALL_BUT.fullmatch(phrase):
        part, whole = read_numeral(match["part"]), read_numeral(match["whole"])
        left = whole.value - part.value if part and whole else 0
        return (left, left, "exact") if left > 0 else None
    match = _MOST.fullmatch(phrase)
    whole = match and read_numeral(match["whole"])
    return (whole.value // 2 + 1, whole.value, "vague") if whole and whole.value > 1 else None


def _read_share(phrase: str) -> Ends | None:
    """*11 of the 20*: the part that is counted."""
    match = _SHARE.fullmatch(phrase)
    if not match or (whole := read_numeral(match["whole"])) is None:
        return None
    if not match["the"] and whole.value in _PROPORTIONS:
        return None
    if match["part"] == "none":
        return 0, 0, "exact"
    part = read_numeral(match["part"])
    return (part.value, part.value, "exact") if part and part.value <= whole.value else None


def _read_multiple(phrase: str) -> Ends | None:
    """*twice as many as the 20*, *double the 20*, *three times the 20*."""
    match = _MULTIPLE.fullmatch(phrase)
    whole = match and read_numeral(match["whole"])
    if not match or not whole:
        return None
    number = read_numeral(match["times"] or "")
    times = _WORDS.get(match["word"] or "") or (number.value if number else 0)
    return (times * whole.value, times * whole.value, "about") if times else None
