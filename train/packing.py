"""Text as one long row of token ids, cut into sequences of equal length: no padding, no token wasted.

Documents follow each other with a separator between them, so that a sequence may hold the end of one document and the
beginning of the next.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

Ids = NDArray[np.uint16] | NDArray[np.uint32]

_TOGETHER: Final = 512
"""Documents tokenised at once."""
_MANIFEST: Final = "tokens.json"


@dataclass(frozen=True, slots=True)
class Packed:
    """Token ids of the text to train on and of the documents held out, each one row, mapped from disk."""

    train: Ids
    held_out: Ids


class _Manifest(msgspec.Struct, frozen=True):
    key: str
    dtype: str
    train: int
    held_out: int


def pack(folder: Path, documents: Iterable[str], tokenizer: "PreTrainedTokenizerFast", every: int, key: str) -> Packed:
    """Token ids of the documents, written into the folder; every `every`-th document is held out.

    Args:
        folder: where `train.ids` and `held_out.ids` lie; with the same `key` they are used again.
        documents: the text.
        tokenizer: its separator token ends each document.
        every: 1 in so many documents is held out.
        key: what the text and the tokenizer are, as a digest.
    """
    found = _packed(folder, key)
    if found is not None:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MANIFEST).unlink(missing_ok=True)
    dtype = np.dtype(np.uint16 if len(tokenizer) <= 2**16 else np.uint32)
    totals = {"train": 0, "held_out": 0}
    with (folder / "train.ids").open("wb") as train, (folder / "held_out.ids").open("wb") as held_out:
        for number, ids in enumerate(_token_ids(documents, tokenizer)):
            name, file = ("held_out", held_out) if number % every == every - 1 else ("train", train)
            file.write(np.asarray(ids, dtype=dtype).tobytes())
            totals[name] += len(ids)
    manifest = _Manifest(key, dtype.name, totals["train"], totals["held_out"])
    (folder / _MANIFEST).write_bytes(msgspec.json.encode(manifest))
    return _mapped(folder, manifest)


def sequences(ids: Ids, length: int) -> Ids:
    """The row cut into rows of `length` tokens, shape (rows, length); a shorter rest is left out."""
    rows = len(ids) // length
    return ids[: rows * length].reshape(rows, length)


def text_key(parts: Iterable[str]) -> str:
    """A digest of what a packed text depends on."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _packed(folder: Path, key: str) -> Packed | None:
    path = folder / _MANIFEST
    if not path.is_file():
        return None
    manifest = msgspec.json.decode(path.read_bytes(), type=_Manifest)
    return _mapped(folder, manifest) if manifest.key == key else None


def _mapped(folder: Path, manifest: _Manifest) -> Packed:
    def row(name: str, number: int) -> Ids:
        dtype = np.dtype(manifest.dtype)
        return np.memmap(folder / name, dtype, "r", shape=(number,)) if number else np.zeros(0, dtype)

    return Packed(row("train.ids", manifest.train), row("held_out.ids", manifest.held_out))


def _token_ids(documents: Iterable[str], tokenizer: "PreTrainedTokenizerFast") -> Iterator[list[int]]:
    end = tokenizer.sep_token_id
    stream = iter(documents)
    while batch := list(islice(stream, _TOGETHER)):
        for encoding in tokenizer.backend_tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            yield [*encoding.ids, end]
