"""Words and punctuation marks, for formats that know tokens instead of offsets."""

import re
from itertools import pairwise
from typing import Final

from warwire.annotations.document import Document

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


def tokens_of(document: Document) -> list[tuple[int, int]]:
    """Offsets of the tokens in order: words and single marks, cut again where a span begins or ends inside a word.

    White space at the edge of a span makes a token of its own, so that every span begins and ends with a token.
    """
    edges = {edge for span in document.spans for edge in (span.start, span.end)}
    cuts = edges | {edge for match in _TOKEN.finditer(document.text) for edge in match.span()}
    pieces = pairwise(sorted(cuts))
    return [
        (start, end) for start, end in pieces if not document.text[start:end].isspace() or _is_edge(start, end, edges)
    ]


def _is_edge(start: int, end: int, edges: set[int]) -> bool:
    return start in edges and end in edges
