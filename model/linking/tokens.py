"""The tokens of a text, and which of them belong to a mention."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from warwire.model.linking.layout import Layout

_TOKEN: Final = re.compile(r"[^\W_]++(?:['’.\-][^\W_]++)*+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens.

    Attributes:
        words: the tokens in lower case.
        names: the same, with *#LABEL* in place of a mention's tokens.
        starts: where each token starts in the text.
        owner: the index of the mention that a token belongs to, -1 where there is none.
        first, last: of each mention, its first token and the one after its last.
        free: of each mention, the token after the last one before it that belongs to any mention.
        bounds: of each sentence, its first token and the one after its last.
    """

    words: list[str]
    names: list[str]
    starts: list[int]
    owner: list[int]
    first: list[int]
    last: list[int]
    free: list[int]
    bounds: list[tuple[int, int]]


def tokenise(layout: Layout) -> Tokens:
    """The tokens of a layout's text."""
    matches = list(_TOKEN.finditer(layout.text))
    words = [match[0].lower() for match in matches]
    starts = [match.start() for match in matches]
    names = words.copy()
    owner = [-1] * len(words)
    first, last = [], []
    for mention in layout.mentions:
        low = bisect_left(starts, mention.span.start)
        high = max(bisect_left(starts, mention.span.end, low), low + 1)
        first.append(low)
        last.append(high)
        name = "#" + mention.label
        for i in range(low, min(high, len(words))):
            owner[i] = mention.index
            names[i] = name
    ends = list(accumulate([i if index >= 0 else 0 for i, index in enumerate(owner, 1)], max, initial=0))
    bounds = [
        (bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)) for sentence in layout.sentences.items
    ]
    return Tokens(words, names, starts, owner, first, last, [ends[i] for i in first], bounds)
