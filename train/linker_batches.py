"""The linker's examples as numbers, and several of them as one batch of tensors."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from warwire.annotations.labels import LABELS, ROLE_FILLERS, ROLES
from warwire.model.linking.batch import neighbours
from warwire.model.linking.features import number_of
from warwire.model.linking.scorer import PAIR_STARTS
from warwire.train.linker_examples import Example

_ALLOWED: Final = np.array([[label in ROLE_FILLERS[role] for role in ROLES] for label in LABELS], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Numbered:
    """An example whose features are numbers: those of each mention, and the cues of each trigger."""

    example: Example
    words: list[list[int]]
    cues: list[list[int]]


@dataclass(frozen=True)
class Batch:
    """Several documents as one: mentions, triggers and pairs are numbered through.

    `left` and `right` are the pairs of the same trigger with the candidate before and after; with `before` and `after`
    they point one past the last pair where there is none, and `neighbours` one past the last mention.
    """

    words: Tensor
    word_starts: Tensor
    cues: Tensor
    cue_starts: Tensor
    neighbours: Tensor
    triggers: Tensor
    rows: Tensor
    columns: Tensor
    before: Tensor
    after: Tensor
    left: Tensor
    right: Tensor
    pairs: Tensor
    allowed: Tensor
    links: Tensor
    statuses: Tensor


def number(example: Example, words: Mapping[str, int], cues: Mapping[str, int]) -> Numbered:
    """An example with its named features looked up; unknown ones are left out."""
    signals = example.signals
    return Numbered(
        example,
        [number_of(names, words) for names in signals.words.names()],
        [number_of(names, cues) for names in signals.cues.names()],
    )


def batch_of(documents: Sequence[Numbered], hidden: float = 0.0, chance: random.Random | None = None) -> Batch:
    """A batch; with `chance`, each named feature is hidden with probability `hidden`."""
    signals = [document.example.signals for document in documents]
    mentions, triggers, pairs = (
        _starts([len(getattr(s, name)) for s in signals]) for name in ("labels", "triggers", "rows")
    )
    words = _flat([part for document in documents for part in document.words], hidden, chance)
    cues = _flat([part for document in documents for part in document.cues], hidden, chance)
    rows = _joined([s.rows + first for s, first in zip(signals, triggers, strict=False)])
    columns = _joined([s.columns + first for s, first in zip(signals, mentions, strict=False)])
    numbers = torch.arange(len(rows))
    left = torch.where(torch.roll(rows, 1) == rows, numbers - 1, len(rows))
    right = torch.where(torch.roll(rows, -1) == rows, numbers + 1, len(rows))
    left[:1], right[-1:] = len(rows), len(rows)
    return Batch(
        *words,
        *cues,
        _shifted([neighbours(len(s.labels)) for s in signals], mentions),
        _joined([s.triggers + first for s, first in zip(signals, mentions, strict=False)]),
        rows,
        columns,
        _shifted([s.before for s in signals], pairs),
        _shifted([s.after for s in signals], pairs),
        left,
        right,
        _joined([s.pairs + PAIR_STARTS for s in signals]),
        torch.from_numpy(np.concatenate([_ALLOWED[s.labels[s.columns]] for s in signals])),
        torch.from_numpy(np.concatenate([document.example.links for document in documents])),
        _joined([document.example.statuses for document in documents]),
    )


def _starts(sizes: Sequence[int]) -> list[int]:
    return [0, *np.cumsum(sizes).tolist()]


def _joined(parts: Sequence[NDArray[Any]]) -> Tensor:
    return torch.from_numpy(np.concatenate(parts))


def _shifted(parts: Sequence[NDArray[np.int64]], starts: Sequence[int]) -> Tensor:
    """Indices numbered through; -1 becomes one past the last of all."""
    moved = [np.where(part >= 0, part + first, starts[-1]) for part, first in zip(parts, starts, strict=False)]
    return _joined(moved)


def _flat(parts: Sequence[list[int]], hidden: float, chance: random.Random | None) -> tuple[Tensor, Tensor]:
    """Ragged numbers as one row, and where each part starts."""
    if chance is not None:
        parts = [[n for n in part if chance.random() >= hidden] for part in parts]
    starts = _starts([len(part) for part in parts])[:-1]
    return torch.tensor([n for part in parts for n in part], dtype=torch.long), torch.tensor(starts, dtype=torch.long)
