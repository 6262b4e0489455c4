"""Gold data sets of an evaluation, each scored apart: several files, several names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents
from warwire.evaluate.scores import signature
from warwire.evaluate.slices import words

_SPLITS: Final = ("train", "dev", "test")
"""Stems that say nothing without their folder's name."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """The documents of one file under a short name."""

    name: str
    path: Path
    documents: tuple[Document, ...]
    signature: str

    @property
    def digest(self) -> str:
        """The digest of texts and annotations that stands in the signature."""
        return digest_of(self.signature)

    @property
    def words(self) -> int:
        """Number of words of all documents."""
        return sum(words(document.text) for document in self.documents)


def digest_of(signature: str) -> str:
    """The data digest in a signature.

    Raises:
        ValueError, KeyError: it is no signature.
    """
    return dict(part.split(":", 1) for part in signature.split("|"))["data"]


def read_data_sets(paths: Sequence[Path]) -> tuple[DataSet, ...]:
    """The data sets of the files, in the order given; a document may be in several, not twice in one.

    Raises:
        InputError: a file cannot be read, or is given twice.
    """
    resolved = [path.resolve() for path in paths]
    for i, path in enumerate(resolved):
        if path in resolved[:i]:
            raise InputError(f"{paths[i]}: is given twice as --data; give each file once")
    found = []
    for name, path in zip(data_names(resolved), paths, strict=True):
        documents = tuple(read_documents(path))
        found.append(DataSet(name, path, documents, signature(documents)))
    return tuple(found)


def data_names(paths: Iterable[Path]) -> list[str]:
    """A short name for each file: its stem, with the folder's name before *train*, *dev* and *test*.

    Where two would have one name, each takes as many folders before it as it needs.
    """
    paths = list(paths)
    parts = [[*path.parts[:-1], path.stem] for path in paths]
    taken = [2 if one[-1] in _SPLITS else 1 for one in parts]
    while True:
        names = ["/".join(one[-number:]) for one, number in zip(parts, taken, strict=True)]
        twice = [i for i, name in enumerate(names) if names.count(name) > 1 and taken[i] < len(parts[i])]
        if not twice:
            return names
        for i in twice:
            taken[i] += 1
