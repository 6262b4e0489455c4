"""Sentences and paragraphs of a news text, by rules, as half-open offsets."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_BREAK: Final = re.compile(
    r"""[.!?…\n](?:(?<=\n)\s*|(?<=[.!?…])(?<![.!?…][.!?…])[.!?…]*+[)\]"'”’»]*+
    (?=\s+["'“‘«(\[]*[A-Z0-9\u00c0-\u024f\u0400-\u04ff])(?!\s+[a-z]))""",
    re.VERBOSE,
)
"""The end of a sentence, or of a paragraph; it begins with the set of its first characters, which is quick to find.

A row of stops is tried once, from its first: a million of them would cost quadratic time."""
_ABBREVIATIONS: Final = frozenset(
    """
    mr mrs ms dr prof gen lt col maj capt cmdr adm brig sgt cpl pvt gov sen rep pres st jr sr rev hon amb vs no nos
    jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed thu fri sat sun approx est dept fig spc pfc
    """.split()
)
_LONGEST: Final = 2000
"""Code points after which a sentence is cut at white space: lists without a full stop would cost quadratic time."""

_LAST_WORD: Final = re.compile(r"\.([^\W\d_]+(?:\.[^\W\d_]+)*)")
"""A word and its full stop, read backwards from the stop, so that a single place is tried."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Offsets of a sentence and the number of the paragraph it stands in."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Sentences:
    """All sentences of a text, in order."""

    items: tuple[Sentence, ...]

    def index_at(self, offset: int) -> int:
        """Index of the sentence that holds the code point (or the last one to start before it)."""
        return max(0, bisect_right(self.items, offset, key=lambda sentence: sentence.start) - 1)


@lru_cache(maxsize=2)
def split_sentences(text: str) -> Sentences:
    """The sentences of a text; every character that is not white space lies in exactly one.

    The last texts are remembered, as what is made of a document asks for its sentences one after the other.
    """
    items: list[Sentence] = []
    paragraph = start = 0
    for match in _BREAK.finditer(text):
        newline = match[0].startswith("\n")
        if not newline and _is_abbreviation(text, start, match):
            continue
        end = match.start() if newline else match.end()
        start = _append(items, text, start, end, paragraph)
        if newline:
            paragraph += 1
    _append(items, text, start, len(text), paragraph)
    return Sentences(tuple(items))


def _append(items: list[Sentence], text: str, start: int, end: int, paragraph: int) -> int:
    position = start
    while position < end:
        stop = end if end - position <= _LONGEST else text.rfind(" ", position + 1, position + _LONGEST) + 1
        stop = stop or position + _LONGEST
        body = text[position:stop]
        stripped = body.strip()
        if stripped:
            first = position + len(body) - len(body.lstrip())
            items.append(Sentence(first, first + len(stripped), paragraph))
        position = stop
    return end


def _is_abbreviation(text: str, start: int, match: re.Match[str]) -> bool:
    if match[0] != ".":
        return False
    word = _LAST_WORD.match(text[max(start, match.end() - 24) : match.end()][::-1])
    if word is None:
        return False
    name = word[1][::-1]
    return len(name) == 1 or "." in name or name.lower() in _ABBREVIATIONS
