"""The signals of several documents as one, so that the scorer takes each of its steps once for all of them.

Mentions, triggers and pairs are numbered through. No number points from one document into another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warwire.model.linking.features import Ints, Numbers
from warwire.model.linking.signals import Signals

NEIGHBOURS: Final = (-2, -1, 0, 1, 2)
"""The mentions that one is read with, as steps from it."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bags:
    """The numbers of named features: `numbers` in a row, those of the i-th of `filled` from `starts[i]` on."""

    size: int
    numbers: Ints
    starts: Ints
    filled: Ints

    def summed(self, table: Floats) -> Floats:
        """The sum of a table's rows for each bag, zeros for an empty one."""
        found = np.zeros((self.size, table.shape[1]), dtype=np.float32)
        if len(self.filled):
            found[self.filled] = np.add.reduceat(table.take(self.numbers, axis=0), self.starts, axis=0)
        return found


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents as the scorer computes them; what is not listed is as in `Signals`.

    Attributes:
        neighbours: indices of the mentions that each mention is read with, -1 for none, shape (mentions, neighbours).
        trigger_ends, pair_ends: how many triggers and pairs there are up to the end of each document.
    """

    words: Bags
    cues: Bags
    neighbours: Ints
    labels: Ints
    triggers: Ints
    rows: Ints
    columns: Ints
    before: Ints
    after: Ints
    pairs: Ints
    trigger_ends: Ints
    pair_ends: Ints


def batch_of(documents: Sequence[Signals], numbers: Numbers) -> Batch:
    """One batch of some documents, at least one."""
    words, cues = [], []
    for signals in documents:
        rows = numbers.rows(signals.words.tokens)
        words.append(numbers.of(signals.words, rows))
        cues.append(numbers.of(signals.cues, rows))
    mentions, triggers, pairs = (
        np.cumsum([len(part) for part in parts])
        for parts in ([s.labels for s in documents], [s.triggers for s in documents], [s.rows for s in documents])
    )
    return Batch(
        _bags_of(words),
        _bags_of(cues),
        _joined([neighbours(len(s.labels)) for s in documents], mentions),
        np.concatenate([s.labels for s in documents]),
        _joined([s.triggers for s in documents], mentions),
        _joined([s.rows for s in documents], triggers),
        _joined([s.columns for s in documents], mentions),
        _joined([s.before for s in documents], pairs),
        _joined([s.after for s in documents], pairs),
        np.concatenate([s.pairs for s in documents]),
        triggers,
        pairs,
    )


def neighbours(size: int) -> Ints:
    """Indices of the mentions that each of `size` mentions is read with, -1 outside. Shape (size, neighbours)."""
    around = np.arange(size)[:, None] + np.array(NEIGHBOURS)[None, :]
    return np.where((around >= 0) & (around < size), around, -1)


def _joined(parts: Sequence[Ints], ends: NDArray[Any]) -> Ints:
    """Indices numbered through, from those of each document and how many things there are up to its end; -1 stays."""
    if len(parts) == 1:
        return parts[0]
    first = [0, *ends[:-1].tolist()]
    return np.concatenate([np.where(part >= 0, part + n, -1) for part, n in zip(parts, first, strict=True)])


def _bags_of(parts: Sequence[Ints]) -> Bags:
    """The bags of matrices of numbers, one bag a row, without the zeros."""
    kept = [part > 0 for part in parts]
    sizes = np.concatenate([np.count_nonzero(of, axis=1) for of in kept])
    filled = np.flatnonzero(sizes)
    numbers = np.concatenate([part[of] for part, of in zip(parts, kept, strict=True)])
    return Bags(len(sizes), numbers, (np.cumsum(sizes) - sizes)[filled], filled)
