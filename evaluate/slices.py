"""Parts of a data set that are scored apart: by conflict, genre and length.

What a document is about stands in its `meta`, as in the corpus; documents without it are in no part, and counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

from warwire.annotations.document import Document

META_SLICES: Final = ("conflict", "genre")
"""Keys of `meta` that parts are made of."""

LENGTH: Final = "length"


@dataclass(frozen=True, slots=True)
class Slices:
    """A way of parting the documents: the indices of each part, the largest first (lengths: the shortest first).

    `unknown` is how many documents do not say where they belong.
    """

    name: str
    parts: Mapping[str, tuple[int, ...]]
    unknown: int = 0


def slice_documents(documents: Sequence[Document]) -> tuple[Slices, ...]:
    """The parts by conflict, genre and length; a way that no document tells of has no part."""
    return (*(_by_meta(documents, key) for key in META_SLICES), _by_length(documents))


def meta_of(document: Document) -> dict[str, str]:
    """The entries of a document's `meta` that are texts; empty where there is none."""
    meta = document.extra.get("meta")
    if not isinstance(meta, Mapping):
        return {}
    return {str(key): value for key, value in meta.items() if isinstance(value, str) and value}


def words(text: str) -> int:
    """Number of words: runs without white space."""
    return len(text.split())


def _by_meta(documents: Sequence[Document], key: str) -> Slices:
    names = [meta_of(document).get(key) for document in documents]
    parts = _parts(name for name in names)
    ordered = sorted(parts, key=lambda name: (-len(parts[name]), name))
    return Slices(key, {name: parts[name] for name in ordered}, sum(name is None for name in names))


def _by_length(documents: Sequence[Document]) -> Slices:
    """Quarters by number of words; fewer where lengths coincide or documents are few."""
    lengths = [words(document.text) for document in documents]
    cuts = quantiles(lengths, n=4, method="inclusive") if len(lengths) > 1 else []
    quarters = [sum(length > cut for cut in cuts) for length in lengths]
    found = _parts(str(quarter) for quarter in quarters)
    parts: dict[str, tuple[int, ...]] = {}
    for quarter in sorted(found):
        held = [lengths[i] for i in found[quarter]]
        parts[f"{min(held)} to {max(held)} words"] = found[quarter]
    return Slices(LENGTH, parts)


def _parts(names: Iterable[str | None]) -> dict[str, tuple[int, ...]]:
    parts: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        if name is not None:
            parts.setdefault(name, []).append(i)
    return {name: tuple(found) for name, found in parts.items()}
