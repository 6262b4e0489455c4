"""The commonest ways in which a model goes wrong: error items counted by their patterns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from warwire.evaluate.disagreements import Mention
from warwire.evaluate.errors import ErrorItem

MOST: Final = 40
"""Patterns told of a model: half of them general (*SPEAKER tagged as ACTOR*), half with words (*trailing 'region'*)."""

EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class ErrorPattern:
    """Errors of one kind: how many, and where some are, as (document, index of the item there)."""

    kind: str
    label: str
    predicted_label: str | None
    words: str
    count: int
    examples: tuple[tuple[str, int], ...]


def error_patterns(errors: Mapping[str, Sequence[ErrorItem]], shown: Sequence[str] | None = None) -> list[ErrorPattern]:
    """The patterns that occur twice at least, commonest first.

    Args:
        errors: the items of each document, under its id.
        shown: ids that examples are taken from, in this order; by default all.
    """
    places: dict[tuple[bool, str], dict[str, list[int]]] = {}
    first: dict[tuple[bool, str], ErrorItem] = {}
    for document, items in errors.items():
        for i, item in enumerate(items):
            for rank, words in enumerate(item.patterns):
                key = (rank == 0, words)
                first.setdefault(key, item)
                places.setdefault(key, {}).setdefault(document, []).append(i)
    order = list(errors) if shown is None else list(shown)
    found: list[ErrorPattern] = []
    for general in (True, False):
        counted = {key: sum(map(len, held.values())) for key, held in places.items() if key[0] == general}
        common = sorted((key for key in counted if counted[key] > 1), key=lambda key: (-counted[key], key[1]))
        found += [_pattern(first[key], key[1], counted[key], places[key], order) for key in common[: MOST // 2]]
    return sorted(found, key=lambda one: (-one.count, one.words))


def _pattern(
    item: ErrorItem, words: str, count: int, places: Mapping[str, Sequence[int]], order: Sequence[str]
) -> ErrorPattern:
    examples = [(name, places[name][0]) for name in order if name in places][:EXAMPLES]
    confused = item.kind == "label" and isinstance(item.predicted, Mention)
    predicted = item.predicted.label if confused and isinstance(item.predicted, Mention) else None
    return ErrorPattern(item.kind, item.label, predicted, words, count, tuple(examples))
