"""What is wrong or worth knowing about the data of a run, found before the first step and told in one line each."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.labels import LABELS
from warwire.annotations.statistics import describe
from warwire.model.windows import Encoding, cover, encode_batch
from warwire.train.features import IGNORED, WindowShape

if TYPE_CHECKING:
    from datasets import Dataset
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

_FEW: Final = 50
"""Examples of a label under which a tagger hardly learns it."""

_NAMED: Final = 3
"""Spans that a line names; the rest is counted."""

Locate = Callable[[Sequence[Sequence[int]]], list[str]]
"""Token ids of windows, special tokens included, to the ids of the documents that they come from."""


def check_documents(train: Sequence[Document], dev: Sequence[Document]) -> tuple[str, ...]:
    """Lines about labels that are absent or rare in the training data, or in one of the two sets alone.

    Raises:
        InputError: a text is in both sets, or one of them has no span.
    """
    texts = {document.text for document in train}
    for document in dev:
        if document.text in texts:
            raise InputError(f"document {document.id}: its text is in both train and dev; keep it in one of them")
    taught, asked = describe(train).by_label, describe(dev).by_label
    if not any(taught.values()):
        raise InputError(f"the training data has {len(train)} documents and no span: there is nothing to learn")
    if not any(asked.values()):
        raise InputError(f"the dev data has {len(dev)} documents and no span: no epoch could be told from another")
    absent = [label for label in LABELS if not taught[label]]
    missed = [f"{label} ({asked[label]})" for label in absent if asked[label]]
    unseen = [label for label in LABELS if taught[label] and not asked[label]]
    rare = [f"{label} ({taught[label]})" for label in LABELS if 0 < taught[label] < _FEW]
    lines = (
        ("never in the training data, so never predicted", absent),
        ("only in the dev data, so always missed there", missed),
        ("not in the dev data, so without a score", unseen),
        (f"fewer than {_FEW} examples in the training data", rare),
    )
    return tuple(f"{what}: {', '.join(labels)}" for what, labels in lines if labels)


def check_windows(
    train: Sequence[Document],
    dev: Sequence[Document],
    tokenizer: "Tokenizer",
    shape: WindowShape,
    model: "PreTrainedModel",
) -> tuple[str, ...]:
    """Lines about documents longer than a window, and spans that no window holds whole.

    Raises:
        InputError: a window is longer than the model's positions.
    """
    limit = position_limit(model)
    if limit is not None and shape.size > limit:
        raise InputError(f"windows.size {shape.size} is over the {limit} tokens that this base can read; lower it")
    documents = [*train, *dev]
    encodings = encode_batch([document.text for document in documents], tokenizer)
    lengths = [len(encoding.ids) for encoding in encodings]
    longer = sum(length > shape.room for length in lengths)
    lines = []
    if longer:
        lines.append(
            f"{longer} of {len(documents)} documents are longer than a window of {shape.size} tokens "
            f"(the longest has {max(lengths)}); they are read in windows that share {shape.overlap}"
        )
    cut = [name for d, e in zip(documents, encodings, strict=True) for name in _cut_spans(d, e, shape)]
    if cut:
        named = ", ".join(cut[:_NAMED]) + (", ..." if len(cut) > _NAMED else "")
        lines.append(f"{len(cut)} spans are whole in no window, raise windows.overlap or windows.size: {named}")
    return tuple(lines)


def position_limit(model: "PreTrainedModel") -> int | None:
    """The longest window, special tokens included, that a model can read; None where its positions are relative."""
    import torch

    for name, part in model.named_modules():
        if name.endswith(".position_embeddings") and isinstance(part, torch.nn.Embedding):
            # RoBERTa and its kind count positions from the one after the padding token's.
            return part.num_embeddings - (0 if part.padding_idx is None else part.padding_idx + 1)
    config: Any = model.config
    return int(config.max_position_embeddings) if getattr(config, "rope_parameters", None) else None


def labelled_rows(rows: "Dataset") -> "Dataset":
    """The rows in which at least one token counts: the mean loss of a batch without any is no number.

    Raises:
        InputError: no token counts in any row.
    """
    counting = [i for i, labels in enumerate(rows["labels"]) if any(label != IGNORED for label in labels)]
    if not counting:
        raise InputError("no token of the data counts in the loss: every tag is doubtful, or the texts are empty")
    return rows if len(counting) == len(rows) else rows.select(counting)


def locate_rows(
    documents: Sequence[Document], tokenizer: "Tokenizer", shape: WindowShape, unknown: int | None
) -> Locate:
    """A search for the documents that windows come from; `unknown` stands for any token in a window."""

    def locate(rows: Sequence[Sequence[int]]) -> list[str]:
        wanted = [np.asarray(row[len(shape.prefix) : len(row) - len(shape.suffix)], dtype=np.int64) for row in rows]
        encodings = encode_batch([document.text for document in documents], tokenizer)
        found = [
            document.id
            for document, encoding in zip(documents, encodings, strict=True)
            if any(_holds(encoding, row, shape, unknown) for row in wanted)
        ]
        return list(dict.fromkeys(found))

    return locate


def _holds(encoding: Encoding, row: Any, shape: WindowShape, unknown: int | None) -> bool:
    for window in cover(len(encoding.ids), shape.room, shape.overlap):
        ids = encoding.ids[window.start : window.end]
        if len(ids) == len(row) and bool(((ids == row) | (row == unknown)).all()):
            return True
    return False


def _cut_spans(document: Document, encoding: Encoding, shape: WindowShape) -> Iterator[str]:
    windows = cover(len(encoding.ids), shape.room, shape.overlap)
    if len(windows) < 2:
        return
    for span in document.spans:
        first = int(np.searchsorted(encoding.starts, span.start, side="right")) - 1
        last = int(np.searchsorted(encoding.starts, span.end, side="left"))
        if not any(window.start <= first and last <= window.end for window in windows):
            yield f"{document.id} {span.id}"
