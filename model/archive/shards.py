"""Shards on disk: every file appears whole, and stays through a loss of power, or does not appear.

documents ─► bytes ─► temporary file in the same folder ─► fsync ─► rename ─► fsync of the folder
"""

import errno
import hashlib
import os
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from warwire.annotations.document import Document
from warwire.annotations.errors import WarwireError
from warwire.model.archive.long_document import LongDocument, repaired_long
from warwire.model.archive.records import repaired
from warwire.model.archive.schema import TABLES
from warwire.model.archive.tables import Documents, jsonl_chunks, parquet_chunks

SUFFIXES: Final = {"parquet": "parquet", "jsonl": "jsonl"}
"""File suffix of each format."""

ENTRIES: Final = "shards"
"""The folder of the shards' manifest entries."""

_TEMPORARY: Final = re.compile(r".+\.tmp-[0-9a-f]{32}")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


Encode = Callable[[str, Documents], Iterable[bytes | memoryview]]
"""What makes the bytes of a table."""


class OutputError(WarwireError):
    """A file of the output cannot be written: the disk is full, the folder gone or not writable."""


class UnwritableError(WarwireError):
    """Documents of a shard that have no record; `faults` holds the index of each and what was raised.

    Nothing is written. Without them the shard can be.
    """

    def __init__(self, faults: Sequence[tuple[int, Exception]]) -> None:
        self.faults = tuple(faults)
        index, error = self.faults[0]
        super().__init__(f"{len(self.faults)} documents cannot be written, the first at {index}: {error!r}")


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A file of an archive: path relative to its folder (forward slashes), size in bytes, SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


def write_shard(out: Path, number: int, documents: Documents, format: str) -> tuple[ShardFile, ...]:
    """Write a shard's documents, rows and attacks; the same documents give the same bytes.

    A lone surrogate in any string is replaced, and counted in its document (see `records.repaired`).

    Args:
        out: the archive's folder.
        number: of the shard.
        documents: in the order in which they came.
        format: "parquet" or "jsonl".

    Raises:
        OutputError: a file cannot be written; none is left half written.
        UnwritableError: documents that have no record, each named; nothing is written.
        MissingExtraError: Parquet without pyarrow.
        ValueError: the format is unknown.
    """
    if format not in SUFFIXES:
        raise ValueError(f"unknown format {format!r}; there are {', '.join(SUFFIXES)}")
    tables = _encoded(documents, format)
    return tuple(
        commit(out, shard_path(table, number, format), chunks) for table, chunks in zip(TABLES, tables, strict=True)
    )


def shard_path(table: str, number: int, format: str) -> str:
    """The path of a shard's file in an archive."""
    return f"{table}/shard-{number:06d}.{SUFFIXES[format]}"


def commit(out: Path, path: str, chunks: Iterable[bytes | memoryview]) -> ShardFile:
    """Write a file that appears whole or not at all, and is on the disk when this returns.

    Args:
        out: the archive's folder, which must be there.
        path: relative to it; a folder on the way is made.
        chunks: what to write.

    Raises:
        OutputError: it cannot be written.
    """
    target = out / path
    part = target.with_name(f"{target.name}.tmp-{uuid.uuid4().hex}")
    known = hashlib.sha256()
    size = 0
    try:
        _make_folder(target.parent, out)
        with part.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                known.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise OutputError(_told(target, size, error)) from None
    finally:
        _drop(part)
    return ShardFile(path, size, known.hexdigest())


def remove_leftovers(out: Path) -> int:
    """Remove the temporary files of runs that were killed; how many there were.

    Only for the run that holds the lock.
    """
    count = 0
    for folder in (out, *(out / name for name in (*TABLES, ENTRIES))):
        if folder.is_dir():
            for path in folder.iterdir():
                if _TEMPORARY.fullmatch(path.name) and path.is_file():
                    path.unlink(missing_ok=True)
                    count += 1
    return count


def is_temporary(path: Path) -> bool:
    """Whether the file is one that `commit` had not finished."""
    return _TEMPORARY.fullmatch(path.name) is not None


def _make_folder(folder: Path, out: Path) -> None:
    if folder != out and not folder.is_dir():
        folder.mkdir(exist_ok=True)
        _sync_folder(out)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        # The folder is gone, or the disk is: the error that is told says so.
        return


def _told(target: Path, size: int, error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    if error.errno in _FULL:
        return f"{target}: {reason}: {size:,} bytes are needed; make room, and give the same command again"
    return f"{target}: cannot be written: {reason}"


def _encoded(documents: Documents, format: str) -> list[Iterable[bytes | memoryview]]:
    """The chunks of each table, in the order of `TABLES`."""
    encode: Encode = parquet_chunks if format == "parquet" else jsonl_chunks
    try:
        return [encode(table, documents) for table in TABLES]
    except WarwireError:
        raise
    except Exception:
        # Lone surrogates are rare, and looking for them in every string is not cheap: only now.
        documents = list(map(_repaired, documents))
    try:
        return [encode(table, documents) for table in TABLES]
    except Exception:
        faults = [(i, fault) for i, document in enumerate(documents) if (fault := _fault(document, encode))]
        if faults:
            raise UnwritableError(faults) from None
        raise


def _repaired(document: Document | LongDocument) -> Document | LongDocument:
    return repaired_long(document) if isinstance(document, LongDocument) else repaired(document)


def _fault(document: Document | LongDocument, encode: Encode) -> Exception | None:
    try:
        for table in TABLES:
            encode(table, [document])
    except Exception as error:
        return error
    return None
