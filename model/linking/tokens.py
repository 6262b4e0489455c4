"""The tokens of a text, and which of them belong to a mention."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warwire.annotations.labels import LABELS
from warwire.model.linking.features import Ints
from warwire.model.linking.layout import Layout

_TOKEN: Final = re.compile(r"[^\W_]++(?:['’.\-][^\W_]++)*+|[^\w\s]|_")


_IS_SPACE: Final = np.array([chr(c).isspace() for c in range(0x3002)])
"""What `str.isspace` says of each code point up to U+3001; above U+3000 there is no white space."""

_LABEL_INDEX: Final = {label: i for i, label in enumerate(LABELS)}
_IN_PLACE: Final = tuple(f"#{label}" for label in LABELS)
_EDGE: Final = "<s>"


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens.

    Attributes:
        words: the tokens in lower case.
        values: the same, then what can stand in place of tokens: *#LABEL* of a mention's, *<s>* outside a sentence.
        names: index in `values` of each token, of *#LABEL* where it belongs to a mention; then that of *<s>*, then -1.
        owned: whether each token belongs to a mention, shape (tokens,).
        spans: where each mention starts and ends in the text, shape (2, mentions).
        first, last: of each mention, its first token and the one after its last.
        free: of each mention, the token after the last one before it that belongs to any mention.
        opens, closes: of each sentence, its first token and the one after its last.
    """

    words: list[str]
    values: list[str]
    names: Ints
    owned: NDArray[np.bool_]
    spans: Ints
    first: Ints
    last: Ints
    free: Ints
    opens: Ints
    closes: Ints


def tokenise(layout: Layout) -> Tokens:
    """The tokens of a layout's text."""
    written = _TOKEN.findall(layout.text)
    words = list(map(str.lower, written))
    size = len(words)
    lengths = np.fromiter(map(len, written), dtype=np.int64, count=size)
    starts = _visible(layout.text)[np.cumsum(lengths) - lengths]  # whatever is not white space is in some token
    spans = np.array([[m.span.start for m in layout.mentions], [m.span.end for m in layout.mentions]], dtype=np.int64)
    first, last = np.searchsorted(starts, spans)
    last = np.maximum(last, first + 1)
    opened, closed = (np.bincount(edge, minlength=size + 1) for edge in (first, np.minimum(last, size)))
    owned = np.cumsum(opened - closed)[:size] > 0
    free = np.concatenate([[0], np.maximum.accumulate(np.where(owned, np.arange(1, size + 1), 0))])[first]
    sentences = layout.sentences.items
    opens, closes = np.searchsorted(starts, [[s.start for s in sentences], [s.end for s in sentences]])
    names = np.append(np.arange(size), [size + len(LABELS), -1])
    for mention, low, high in zip(layout.mentions, first.tolist(), last.tolist(), strict=True):
        names[low : min(high, size)] = size + _LABEL_INDEX[mention.label]
    return Tokens(words, [*words, *_IN_PLACE, _EDGE], names, owned, spans, first, last, free, opens, closes)


def _visible(text: str) -> Ints:
    """Offsets of the code points that are not white space."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return np.flatnonzero(~_IS_SPACE[np.minimum(points, len(_IS_SPACE) - 1)])
