"""Mentions that stand side by side: coordinated lists, a place within a place."""

import re
from collections.abc import Sequence
from typing import Final

from warwire.model.linking.layout import Layout, Mention, following, preceding

ADJACENT: Final = re.compile(
    r"(?:'s|’s|’|')?\s+(?:(?!(?:and|or|but|then|while|who|which|that|to|when|after|before|were|was|said)\b)[\w\-]+\s+){0,2}"
)
_APPOSITION: Final = re.compile(
    r"\s*(?:,|\(|-|—|–)?\s*(?:(?:in|of|at|near|on)\s+(?:the\s+)?)?"
    r"(?:(?!(?:to|from|into|towards?|with|by|until|while|after|before|for|as|against|where|via)\b)[\w\-]+\s+){0,2}"
)


def place_chain(layout: Layout, first: Mention, mentions: Sequence[Mention]) -> list[Mention]:
    """A place with those that list on or contain it: *Homs in central Syria*, *Kharkiv, Sumy and Poltava*."""
    chain = [first]
    for mention in following(mentions, first):
        if mention.label != "PLACE" or not (
            _APPOSITION.fullmatch(layout.gap(chain[-1], mention)) or layout.tightly_coordinated(chain[-1], mention)
        ):
            break
        chain.append(mention)
    return chain


def coordinated_right(layout: Layout, first: Mention, mentions: Sequence[Mention], label: str) -> list[Mention]:
    """A mention and those of a label that are listed after it."""
    chain = [first]
    for mention in following(mentions, first):
        if mention.label != label or not layout.tightly_coordinated(chain[-1], mention):
            break
        chain.append(mention)
    return chain


def coordinated_left(layout: Layout, last: Mention, mentions: Sequence[Mention]) -> list[Mention]:
    """A mention and those of its label that are listed before it."""
    chain = [last]
    for mention in preceding(mentions, last):
        if mention.label != last.label or not layout.tightly_coordinated(mention, chain[0]):
            break
        chain.insert(0, mention)
    return chain
