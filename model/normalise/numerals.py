"""English numbers in digits or words (`1,400`, `two hundred and six`), and the names of weekdays and months.

Reading is strict: the whole phrase is one number, or the answer is None.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

LARGEST: Final = 10_000_000_000
"""Numbers above this count no people or weapons on Earth; they are telephone numbers, sums or noise."""

_UNIT_WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEEN_WORDS: Final = (
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
)
_TEN_WORDS: Final = ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
UNITS: Final = {word: value for value, word in enumerate(_UNIT_WORDS, 1)}
TEENS: Final = {word: value for value, word in enumerate(("ten", *_TEEN_WORDS, "nineteen"), 10)}
TENS: Final = {word: 10 * value for value, word in enumerate(_TEN_WORDS, 1) if value > 1}
SCALES: Final = {
    "dozen": 12,
    "score": 20,
    "hundred": 100,
    "thousand": 1000,
    "lakh": 100_000,
    "million": 1_000_000,
    "crore": 10_000_000,
    "billion": 1_000_000_000,
}
"""Words that multiply what stands before them; lakh and crore are South Asian English."""

_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS: Final = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
"""Months by the first three letters of their names."""
WEEKDAYS: Final = {name: day for day, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
"""Weekdays by the first three letters of their names, Monday 0."""
MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
WEEKDAY: Final = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)(?:'?s)?\.?"
)
_SCALES: Final = SCALES | {f"{name}s": value for name, value in SCALES.items()}
_SUFFIXES: Final = {"k": 1000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}
_COLLECTIVES: Final = (12, 20)  # a dozen and a score end a number: "two hundred dozen" is nobody's English
_HALVED: Final = (12, 1000, 1_000_000, 1_000_000_000)
_PARTS: Final = {"half": Fraction(1, 2), "quarter": Fraction(1, 4), "quarters": Fraction(1, 4)}

_TOKEN: Final = re.compile(
    r"(?P<literal>[0-9]{1,3}(?: [0-9]{3})+(?![0-9.,'])|[0-9]+(?:[.,'][0-9]+)*)"
    r"(?P<suffix>k|mn|m|bn)?(?![a-z0-9])"
    r"|(?P<word>[a-z]+)|(?P<hyphen>-)"
)
_DIGITS: Final = re.compile(r"0|[1-9][0-9]{0,12}")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:\.[0-9]{3})+|(?:'[0-9]{3})+|(?: [0-9]{3})+)")
_GROUPED_INDIAN: Final = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]{0,3})[.,][0-9]{1,3}")
_SEPARATORS: Final = str.maketrans("", "", ",.' ")
_DASHES: Final = frozenset("‐‑‒–—―−﹣-")
_FOLDED: Final = re.compile("[`\\x80-\\U0010ffff]")
"""What `fold` may change in a text that is not all ASCII, besides case and spaces."""
_MARKS: Final = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "´": "'",
    "`": "'",
    "“": '"',
    "”": '"',
    "٬": ",",
    "٫": ".",
    "½": " and a half",
}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A whole number; where it is written as `coefficient` times a scale word (*30 thousand*), both are kept.

    A number without a scale word has itself as coefficient and the scale 1; *two thousand and six*, which is
    no single product, has the scale 0.
    """

    value: int
    coefficient: Fraction
    scale: int


def fold(text: str) -> str:
    """The text in lower case, with plain digits, spaces, hyphens and quotes; invisible characters removed.

    Superscripts are left alone, so that a footnote mark never becomes a digit.
    """
    if not text.isascii():
        text = _FOLDED.sub(_fold_match, text)
    return " ".join(text.lower().split())


def _fold_match(match: re.Match[str]) -> str:
    return _fold_character(match[0])


@lru_cache(maxsize=1024)
def _fold_character(character: str) -> str:
    if character in _MARKS:
        return _MARKS[character]
    if character in _DASHES:
        return "-"
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in ("Zs", "Zl", "Zp"):
        return " "
    return "" if category == "Cf" else character


def read_numeral(phrase: str) -> Numeral | None:
    """The number that a folded phrase (see `fold`) spells, or None where it is anything else or not whole.

    A comma, full stop, space or apostrophe before three digits groups thousands (`1.400` is 1400), except
    that a full stop before a scale word is a decimal point (`1.400 million`). `5m` is not read, since it may
    be metres; `1.2m` is 1.2 million.
    """
    if _DIGITS.fullmatch(phrase):
        return _whole(Fraction(int(phrase)), Fraction(int(phrase)), 1)
    tokens = _tokens(phrase)
    if not tokens:
        return None
    if tokens == ["zero"]:
        return Numeral(0, Fraction(0), 1)
    return _read_part(tokens) or _read_sum(tokens)


def read_amount(words: str | None, *, plural: bool) -> int | None:
    """How many of a unit: `two` or `a` before it, one where nothing stands before it in the singular.

    None for `several weeks` and for `weeks` alone.
    """
    if words is None or words in ("a", "an"):
        return None if words is None and plural else 1
    numeral = read_numeral(words)
    return numeral.value if numeral and 0 < numeral.value <= 1000 else None


def _tokens(phrase: str) -> list[str] | None:
    """Words and digits in order; a hyphen before a word joins the words of one number and is dropped."""
    tokens: list[str] = []
    position = 0
    after_token = False
    while position < len(phrase):
        match = _TOKEN.match(phrase, position)
        if match is None:
            return None
        position = match.end()
        if match["hyphen"]:
            if not after_token or not phrase[position : position + 1].isalpha():
                return None
        elif match["literal"]:
            tokens.append(match["literal"])
            if match["suffix"]:
                tokens.append(f"*{match['suffix']}")
        else:
            tokens.append(match["word"])
        after_token = match["hyphen"] is None
        if phrase[position : position + 1] == " ":
            position += 1
            after_token = False
    return tokens


def _whole(value: Fraction, coefficient: Fraction, scale: int) -> Numeral | None:
    if value.denominator != 1 or not 0 <= value <= LARGEST:
        return None
    return Numeral(value.numerator, coefficient, scale)


def _read_part(tokens: list[str]) -> Numeral | None:
    """`half a dozen`, `half million`, `quarter of a million`, `three quarters of a million`."""
    times = 1
    if tokens[:2] in (["a", "quarter"], ["one", "quarter"], ["a", "half"], ["one", "half"]):
        tokens = tokens[1:]
    elif tokens[:2] == ["three", "quarters"]:
        times, tokens = 3, tokens[1:]
    if tokens[0] not in _PARTS:
        return None
    rest = tokens[1:]
    rest = rest[1:] if rest[:1] == ["of"] else rest
    rest = rest[1:] if rest[:1] == ["a"] else rest
    if len(rest) != 1 or rest[0] not in SCALES:
        return None
    coefficient = times * _PARTS[tokens[0]]
    return _whole(coefficient * SCALES[rest[0]], coefficient, SCALES[rest[0]])


def _read_sum(tokens: list[str]) -> Numeral | None:
    """Groups of falling scale: `two thousand and six`, `3 thousand 200`, `a million and a half`."""
    groups: list[tuple[Fraction, int]] = []
    position = 0
    while position < len(tokens):
        if groups and tokens[position] == "and":
            position += 1
            if tokens[position:] in (["a", "half"], ["half"]) and groups[-1][1] in _HALVED:
                coefficient, scale = groups.pop()
                groups.append((coefficient + Fraction(1, 2), scale))
                break
        group = _read_group(tokens, position)
        if group is None:
            return None
        coefficient, scale, position = group
        if groups and (groups[-1][1] < 1000 or scale in _COLLECTIVES or coefficient * scale >= groups[-1][1]):
            return None
        if position < len(tokens) and (coefficient.denominator > 1 or tokens[position - 1][0] == "*"):
            return None  # *1.2m ten* is two numbers
        groups.append((coefficient, scale))
    total = sum((coefficient * scale for coefficient, scale in groups), Fraction(0))
    return _whole(total, groups[0][0], groups[0][1] if len(groups) == 1 else 0)


def _read_group(tokens: list[str], start: int) -> tuple[Fraction, int, int] | None:
    """A coefficient, its scale words (`two hundred and six`, `thousand`), and the position after them."""
    coefficient, position = _read_coefficient(tokens, start)
    if coefficient is None:
        return None
    scale = 1
    if tokens[position : position + 1] in (["hundred"], ["hundreds"]):
        below, end = _read_below_hundred(tokens, position + 1)
        if below:
            coefficient, position = coefficient * 100 + below, end
    while position < len(tokens):
        word = tokens[position]
        factor = _SUFFIXES.get(word[1:]) if word[0] == "*" else _SCALES.get(word)
        if factor is None or factor <= scale:
            break
        if scale in _COLLECTIVES or (word == "*m" and coefficient.denominator == 1):
            return None
        scale *= factor
        position += 1
    return coefficient, scale, position


def _read_below_hundred(tokens: list[str], start: int) -> tuple[Fraction | None, int]:
    start += tokens[start : start + 1] == ["and"]
    word = tokens[start] if start < len(tokens) else ""
    if word == "a" or word in SCALES:
        return None, start
    value, end = _read_coefficient(tokens, start)
    if value is None or not 0 < value < 100 or value.denominator != 1 or tokens[end : end + 1] == ["hundred"]:
        return None, start
    return value, end


def _read_coefficient(tokens: list[str], start: int) -> tuple[Fraction | None, int]:
    word = tokens[start] if start < len(tokens) else ""
    following = tokens[start + 1] if start + 1 < len(tokens) else ""
    if word == "a" and following in SCALES:
        return Fraction(1), start + 1
    if word in SCALES:
        return Fraction(1), start
    value: Fraction | None
    position = start + 1
    if word in TENS and following in UNITS:
        value, position = Fraction(TENS[word] + UNITS[following]), start + 2
    elif small := UNITS.get(word) or TEENS.get(word) or TENS.get(word):
        value = Fraction(small)
    else:
        value = _read_literal(word, following)
    halved = tokens[position : position + 3] == ["and", "a", "half"] and tokens[position + 3 : position + 4]
    if value is not None and halved and halved[0] in _SCALES:
        return value + Fraction(1, 2), position + 3
    return value, position


def _read_literal(literal: str, following: str) -> Fraction | None:
    scaled = following in _SCALES or following.startswith("*")
    if _DIGITS.fullmatch(literal):
        return Fraction(int(literal))
    if scaled and _DECIMAL.fullmatch(literal) and ("." in literal or not _GROUPED.fullmatch(literal)):
        return Fraction(literal.replace(",", "."))
    if len(literal) <= 17 and (_GROUPED.fullmatch(literal) or _GROUPED_INDIAN.fullmatch(literal)):
        return Fraction(int(literal.translate(_SEPARATORS)))
    return None
