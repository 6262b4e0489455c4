"""The alignments of gold and predicted events of many documents: made once, read by several figures."""

from collections.abc import Iterable, Sequence

from warwire.evaluate.pairs import Pair
from warwire.evaluate.tuples import AlignedPair, align

Alignments = Sequence[tuple[AlignedPair, ...]]
"""The aligned events of each document, in the order of the documents."""


def alignments(pairs: Iterable[Pair]) -> Alignments:
    """The events of each pair, aligned as the tuple scores align them."""
    return [align(pair.gold, pair.predicted) for pair in pairs]
