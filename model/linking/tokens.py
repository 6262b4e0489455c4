"""The tokens of a text, and which of them belong to a mention."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from warwire.model.linking.layout import Layout

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens.

    Attributes:
        words: the tokens in lower case.
        names: the same, with *#LABEL* in place of a mention's tokens.
        starts: where each token starts in the text.
        owner: the index of the mention that a token belongs to, -1 where there is none.
        first, last: of each mention, its first token and the one after its last.
    """

    words: list[str]
    names: list[str]
    starts: list[int]
    owner: list[int]
    first: list[int]
    last: list[int]


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
        high = max(bisect_left(starts, mention.span.end), low + 1)
        first.append(low)
        last.append(high)
        for i in range(low, min(high, len(words))):
            owner[i] = mention.index
            names[i] = "#" + mention.label
    return Tokens(words, names, starts, owner, first, last)
