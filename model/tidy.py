"""The guide's rules for the edges of spans, applied to what a model predicts."""

import re
from typing import Final

_LEADING: Final = re.compile(r"(?:[\s,;:.!?…\-–—\"'“”‘’()\[\]]|(?:the|an?)\s)+", re.IGNORECASE)
_TRAILING: Final = re.compile(r"(?:[\s,;:!?…\-–—\"'“”‘’(\[]|['’´`]s(?!\w)|\s(?:of|the|an?|and|in|at|on|by))+$")
_INITIALISM: Final = re.compile(r"(?:\b\w\.)+$|\b(?:Jr|Sr|St|Inc|Co|Corp|Ltd|No|Gen|Col)\.$")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)+")
_IN_NUMBER: Final = frozenset("0123456789.,")
_LONGEST: Final = 20
"""Characters of the longest number to either side of an edge."""
_PLURAL: Final = re.compile(r"[A-Z0-9]['’]s$")
_OPENING: Final = {")": "(", "]": "[", "”": "“", "’": "‘"}


def tidy(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without articles and punctuation at its edges; None where nothing is left.

    A leading opening quote or bracket is kept where its partner closes the span or stands inside it. An edge within a
    number such as *170,698* or *2.5* is moved to the number's own.
    """
    start, end = _whole_number(text, start)[0], _whole_number(text, end)[1]
    surface = text[start:end]
    leading = _LEADING.match(surface)
    if leading is not None and not _opens_pair(surface):
        start += leading.end()
        surface = text[start:end]
    surface = _trim_end(surface)
    return (start, start + len(surface)) if any(c.isalnum() for c in surface) else None


def _whole_number(text: str, edge: int) -> tuple[int, int]:
    """Start and end of the number that an edge cuts through; the edge twice where it cuts none."""
    if not (0 < edge < len(text) and text[edge - 1] in _IN_NUMBER and text[edge] in _IN_NUMBER):
        return edge, edge
    first = max(0, edge - _LONGEST)
    for match in _NUMBER.finditer(text, first, edge + _LONGEST):
        if match.start() < edge < match.end():
            return match.span()
    return edge, edge


def _opens_pair(surface: str) -> bool:
    return any(surface[0] == opening and closing in surface[1:] for closing, opening in _OPENING.items())


def _trim_end(surface: str) -> str:
    while surface:
        last = surface[-1]
        closes = last in _OPENING and _OPENING[last] in surface
        keeps_dot = last == "." and _INITIALISM.search(surface) is not None
        if closes or keeps_dot or _PLURAL.search(surface):
            return surface
        shorter = surface[:-1] if last in ".)]" else _TRAILING.sub("", surface)
        if shorter == surface:
            return surface
        surface = shorter
    return surface
