"""Words and punctuation marks, for formats that know tokens instead of offsets."""

import re
import unicodedata
from itertools import pairwise
from typing import Final

from warwire.annotations.document import Document

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_JOINER: Final = "\u200d"
_SKIN_TONES: Final = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


def tokens_of(document: Document) -> list[tuple[int, int]]:
    """Offsets of the tokens in order: words and single marks, cut again where a span begins or ends inside a word.

    A combining character stays with what it combines with, and so do the parts of a joined emoji, unless a span cuts
    between them. No token holds white space, and every character that is no white space is in a token.
    """
    text = document.text
    edges = {edge for span in document.spans for edge in (span.start, span.end)}
    cuts = edges | {edge for match in _TOKEN.finditer(text) for edge in match.span()}
    tokens: list[tuple[int, int]] = []
    for start, end in pairwise(sorted(cuts)):
        if text[start].isspace():
            continue
        if tokens and tokens[-1][1] == start and start not in edges and _joined(text, tokens[-1][0], start):
            tokens[-1] = (tokens[-1][0], end)
        else:
            tokens.append((start, end))
    return tokens


def _joined(text: str, first: int, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if _is_mark(after) or after in _SKIN_TONES or after == _JOINER or before == _JOINER:
        return True
    # The rest of a word whose letter before carries a combining mark.
    return _is_mark(before) and text[first].isalnum() and after.isalnum()


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
