"""Articles that repeat each other, within a split and across splits."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from warwire.annotations.document import Document

Splits = Mapping[str, Sequence[Document]]
"""Documents by the name of their split."""

SHINGLE: Final = 5
"""Words in a shingle."""

_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two documents that share text; `splits` are theirs, in the same order.

    `jaccard` is the share of all shingles of both that both have, `containment` the share of the smaller one's;
    both in 0..1.
    """

    one: str
    other: str
    splits: tuple[str, str]
    jaccard: float
    containment: float


def near_duplicates(
    splits: Splits, *, jaccard: float = 0.1, containment: float = 0.2, shingle: int = SHINGLE
) -> tuple[NearDuplicate, ...]:
    """Pairs of documents, of one split or of two, that share more text than one of the thresholds; worst first.

    Shingles are runs of words, case and punctuation left out. Documents shorter than a shingle share nothing.

    Args:
        splits: the documents.
        jaccard: threshold in 0..1; a pair above it is listed.
        containment: threshold in 0..1; finds a short document that stands within a long one.
        shingle: words in a shingle, at least 1.

    Raises:
        ValueError: `shingle` is less than 1.
    """
    if shingle < 1:
        raise ValueError(f"a shingle of {shingle} words; at least 1 is needed")
    placed = [(name, document) for name, documents in splits.items() for document in documents]
    sets = [_shingles(document.text, shingle) for _, document in placed]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for i, own in enumerate(sets):
        for words in own:
            holders[words].append(i)
    shared: Counter[tuple[int, int]] = Counter()
    for indices in holders.values():
        shared.update(combinations(indices, 2))
    found = []
    for (i, j), number in shared.items():
        either, smaller = len(sets[i]) + len(sets[j]) - number, min(len(sets[i]), len(sets[j]))
        if number / either > jaccard or number / smaller > containment:
            (one, first), (other, second) = placed[i], placed[j]
            found.append(NearDuplicate(first.id, second.id, (one, other), number / either, number / smaller))
    return tuple(sorted(found, key=lambda pair: (-pair.containment, -pair.jaccard, pair.one, pair.other)))


def _shingles(text: str, size: int) -> set[str]:
    words = _WORD.findall(text.casefold())
    return {" ".join(words[i : i + size]) for i in range(len(words) - size + 1)}
