"""Annotated documents to training windows: token ids and one tag a unit head.

The alignment is the tagger's own (`warwire.model.windows`), so that a model is trained on exactly what it will see.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from warwire.annotations.document import Document, Span
from warwire.annotations.labels import BIO_TAGS
from warwire.model.windows import Encoding, cover, encode_batch

if TYPE_CHECKING:
    from datasets import Dataset
    from tokenizers import Tokenizer

IGNORED: Final = -100
"""Label of tokens that do not count in the loss: special tokens and the later tokens of a unit."""

DOUBTFUL: Final = "doubtful"
"""Key of a document's further fields: intervals of code points, [start, end), whose tags do not count in the loss."""

_TAG_INDEX: Final = {tag: i for i, tag in enumerate(BIO_TAGS)}


@dataclass(frozen=True, slots=True)
class WindowShape:
    """Window size and overlap in tokens, and the special tokens around each window."""

    size: int
    overlap: int
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]

    @property
    def room(self) -> int:
        """Text tokens that fit in."""
        return self.size - len(self.prefix) - len(self.suffix)


@dataclass(frozen=True, slots=True)
class Misaligned:
    """A gold span whose edges are not those of units, so that no tagging with this tokenizer can give it."""

    document: str
    span: str
    surface: str


def build_rows(
    documents: Sequence[Document], tokenizer: "Tokenizer", shape: WindowShape
) -> tuple["Dataset", tuple[Misaligned, ...]]:
    """Training rows (`input_ids`, `labels`) of the documents' windows, and the gold spans that they lose."""
    from datasets import Dataset, Features, Value
    from datasets import Sequence as ListOf

    rows: list[dict[str, Any]] = []
    lost: list[Misaligned] = []
    for document, encoding in zip(documents, encode_batch([d.text for d in documents], tokenizer), strict=True):
        tags = token_tags(encoding, document.spans)
        tags[_doubtful(encoding, document)] = IGNORED
        lost += _misaligned(document, encoding)
        rows += _rows(encoding, tags, shape)
    features = Features({"input_ids": ListOf(Value("int64")), "labels": ListOf(Value("int64"))})
    return Dataset.from_list(rows, features=features), tuple(lost)


def token_tags(encoding: Encoding, spans: Sequence[Span]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Tag index of each token, `IGNORED` off the unit heads; shape (tokens,)."""
    tags = np.full(len(encoding.ids), IGNORED, dtype=np.int64)
    tags[encoding.heads] = _TAG_INDEX["O"]
    for span in spans:
        first = int(np.searchsorted(encoding.unit_ends, span.start, side="right"))
        last = int(np.searchsorted(encoding.unit_starts, span.end, side="left"))
        for unit in range(first, last):
            prefix = "B" if unit == first else "I"
            tags[encoding.heads[unit]] = _TAG_INDEX[f"{prefix}-{span.label}"]
    return tags


def _doubtful(encoding: Encoding, document: Document) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Indices of the tokens that begin a doubtful unit."""
    begun = {start for start, _ in document.extra.get(DOUBTFUL, ())}
    units = [unit for unit, start in enumerate(encoding.unit_starts.tolist()) if start in begun] if begun else []
    return encoding.heads[np.asarray(units, dtype=np.int64)]


def _rows(encoding: Encoding, tags: Any, shape: WindowShape) -> Iterator[dict[str, Any]]:
    for window in cover(len(encoding.ids), shape.room, shape.overlap):
        body = encoding.ids[window.start : window.end].tolist()
        labels = tags[window.start : window.end].tolist()
        yield {
            "input_ids": [*shape.prefix, *body, *shape.suffix],
            "labels": [*[IGNORED] * len(shape.prefix), *labels, *[IGNORED] * len(shape.suffix)],
        }


def _misaligned(document: Document, encoding: Encoding) -> Iterator[Misaligned]:
    starts, ends = set(encoding.unit_starts.tolist()), set(encoding.unit_ends.tolist())
    for span in document.spans:
        if span.start not in starts or span.end not in ends:
            yield Misaligned(document.id, span.id, span.surface(document.text))
