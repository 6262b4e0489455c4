"""The tokens of a text, and which of them belong to a mention."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warwire.model.linking.layout import Layout

_TOKEN: Final = re.compile(r"[^\W_]++(?:['’.\-][^\W_]++)*+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens.

    Attributes:
        words: the tokens in lower case.
        names: the same, with *#LABEL* in place of a mention's tokens.
        owned: whether each token belongs to a mention, shape (tokens,).
        spans: where each mention starts and ends in the text, shape (2, mentions).
        first, last: of each mention, its first token and the one after its last.
        free: of each mention, the token after the last one before it that belongs to any mention.
        bounds: of each sentence, its first token and the one after its last.
    """

    words: list[str]
    names: list[str]
    owned: NDArray[np.bool_]
    spans: NDArray[np.int64]
    first: list[int]
    last: list[int]
    free: list[int]
    bounds: list[tuple[int, int]]


def tokenise(layout: Layout) -> Tokens:
    """The tokens of a layout's text."""
    matches = list(_TOKEN.finditer(layout.text))
    words = [match[0].lower() for match in matches]
    size = len(words)
    starts = np.array([match.start() for match in matches], dtype=np.int64)
    spans = np.array([[m.span.start for m in layout.mentions], [m.span.end for m in layout.mentions]], dtype=np.int64)
    first, last = np.searchsorted(starts, spans)
    last = np.maximum(last, first + 1)
    opened, closed = (np.bincount(edge, minlength=size + 1) for edge in (first, np.minimum(last, size)))
    owned = np.cumsum(opened - closed)[:size] > 0
    free = np.concatenate([[0], np.maximum.accumulate(np.where(owned, np.arange(1, size + 1), 0))])[first]
    sentences = layout.sentences.items
    opens, closes = np.searchsorted(starts, [[s.start for s in sentences], [s.end for s in sentences]]).tolist()
    names = words.copy()
    firsts, lasts = first.tolist(), last.tolist()
    for mention, low, high in zip(layout.mentions, firsts, lasts, strict=True):
        stop = min(high, size)
        names[low:stop] = ["#" + mention.label] * (stop - low)
    return Tokens(words, names, owned, spans, firsts, lasts, free.tolist(), list(zip(opens, closes, strict=True)))
