"""Named features of mentions and triggers, in bags: names for training, numbers for the scorer.

A feature's name is its kind and what it says: *B1=by* where the token before is *by*. Most features tell the token at
some place; a bag keeps those as indices, so that the scorer looks up each token once and makes no names of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Key = TypeVar("Key")
Value = TypeVar("Value")

_ROOM: Final = 30_000
"""Unknown tokens, and groups of names, that are remembered: as most of them come once, memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Features:
    """Bags of named features: the names of a bag are its `own`, those of the tokens around it, then the `told` ones.

    Attributes:
        own: names of each bag, the same number for all.
        kinds: the kind of each column of `around`.
        around: indices into `tokens`, -1 for none, shape (bags, columns).
        told: further names of each bag.
        tokens: the tokens of the text, and what can stand for them.
    """

    own: Sequence[tuple[str, ...]]
    kinds: tuple[str, ...]
    around: Ints
    told: Sequence[tuple[str, ...]]
    tokens: Sequence[str]

    def names(self) -> list[list[str]]:
        """The names of each bag."""
        return [
            [*own, *(kind + self.tokens[at] for kind, at in zip(self.kinds, places, strict=True) if at >= 0), *told]
            for own, places, told in zip(self.own, self.around.tolist(), self.told, strict=True)
        ]


def back_off(name: str) -> str:
    """What stands for a feature that the vocabulary lacks: its kind with its word's ending, or *<0>* for a number."""
    kind = name[: name.index("=") + (4 if name[0] in "HF" else 1)]
    return kind + ("<0>" if name[-1].isdigit() else f"<{name[-2:]}>")


def number_of(names: Sequence[str], vocabulary: Mapping[str, int]) -> list[int]:
    """The numbers of named features, those of what stands for unknown ones, and nothing where neither is known."""
    found = [vocabulary.get(name) or vocabulary.get(back_off(name)) for name in names]
    return [number for number in found if number]


class Remembered(dict[Key, Value], Generic[Key, Value]):
    """Values by key: those known from the start, and those found when they are asked for, as long as there is room."""

    def __init__(self, known: Mapping[Key, Value], find: Callable[[Key], Value]) -> None:
        super().__init__(known)
        self._known = known
        self._find = find
        self._full = len(known) + _ROOM

    def __missing__(self, key: Key) -> Value:
        value = self._find(key)
        if len(self) >= self._full:
            self.clear()
            self.update(self._known)
        self[key] = value
        return value


class Numbers:
    """Vocabularies as tables that give the numbers of many features at once, as `number_of` does name by name."""

    def __init__(self, vocabulary: Mapping[str, int], kinds: Sequence[str]) -> None:
        """Read a vocabulary whose features of some kinds tell tokens."""
        self._columns = {kind: column for column, kind in enumerate(dict.fromkeys(kinds))}
        numbers: dict[str, list[int]] = {}
        for name, number in vocabulary.items():
            kind, _, token = name.partition("=")
            column = self._columns.get(kind + "=")
            if column is not None:
                numbers.setdefault(token, [0] * len(self._columns))[column] = number
        rows = {token: row for row, token in enumerate(numbers, 1)}
        table = np.zeros((len(rows) + 1, len(self._columns)), dtype=np.int64)
        table[1:] = np.array(list(numbers.values())).reshape(-1, len(self._columns))
        endings = table[[0, *(rows.get(_ending(token), 0) for token in rows)]]
        self._table = np.where(table > 0, table, endings)
        self._rows = Remembered(rows, lambda token: rows.get(_ending(token), 0))
        self._groups = Remembered[tuple[str, ...], tuple[int, ...]](
            {}, lambda names: tuple(vocabulary.get(name) or vocabulary.get(back_off(name), 0) for name in names)
        )

    def rows(self, tokens: Sequence[str]) -> Ints:
        """The row of each token in the table of numbers, then one of zeros."""
        return np.array([*map(self._rows.__getitem__, tokens), 0], dtype=np.int64)

    def of(self, features: Features, rows: Ints) -> Ints:
        """The numbers of each bag, 0 for what is unknown, shape (bags, width), from its tokens' rows."""
        columns = np.array([self._columns[kind] for kind in features.kinds], dtype=np.int64)
        around = self._table.take(rows.take(features.around) * len(self._columns) + columns)
        return np.concatenate([self._of_names(features.own), around, self._of_names(features.told)], axis=1)

    def _of_names(self, bags: Sequence[tuple[str, ...]]) -> Ints:
        groups = list(map(self._groups.__getitem__, bags))
        width = max(map(len, groups), default=0)
        padded = [group + (0,) * (width - len(group)) for group in groups]
        return np.array(padded, dtype=np.int64).reshape(len(groups), width)


def _ending(token: str) -> str:
    """What `back_off` puts in the place of a token."""
    return back_off("=" + token)[1:]
