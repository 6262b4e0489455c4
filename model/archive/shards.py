"""Shards on disk: every file appears whole, and stays through a loss of power, or does not appear.

documents ─► bytes ─► temporary file in the same folder ─► fsync ─► rename ─► fsync of the folder
"""

import errno
import hashlib
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from warwire.annotations.document import Document
from warwire.annotations.errors import MissingExtraError, WarwireError
from warwire.annotations.jsonl import encode_document
from warwire.model.archive.records import document_record, repaired, typed_row
from warwire.model.archive.schema import FLAT_COLUMNS, TABLES, arrow_schema
from warwire.model.attacks import attack_rows
from warwire.model.rows import rows_of

if TYPE_CHECKING:
    import pyarrow

SUFFIXES: Final = {"parquet": "parquet", "jsonl": "jsonl"}
"""File suffix of each format."""

ENTRIES: Final = "shards"
"""The folder of the shards' manifest entries."""

_TEMPORARY: Final = re.compile(r".+\.tmp-[0-9a-f]{32}")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LEVEL: Final = 3
"""Of zstd: higher ones cost more time than they save space on short texts."""

_ROW_GROUP: Final = 1 << 16
_FLAT: Final[Mapping[str, Callable[[Document], Iterable[Mapping[str, str]]]]] = {
    "rows": rows_of,
    "attacks": attack_rows,
}


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


def write_shard(out: Path, number: int, documents: Sequence[Document], format: str) -> tuple[ShardFile, ...]:
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
        commit(out, shard_path(table, number, format), [data]) for table, data in zip(TABLES, tables, strict=True)
    )


def shard_path(table: str, number: int, format: str) -> str:
    """The path of a shard's file in an archive."""
    return f"{table}/shard-{number:06d}.{SUFFIXES[format]}"


def commit(out: Path, path: str, chunks: Iterable[bytes]) -> ShardFile:
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


def _encoded(documents: Sequence[Document], format: str) -> list[bytes]:
    """The bytes of each table, in the order of `TABLES`."""
    encode = _parquet if format == "parquet" else _jsonl
    try:
        return [encode(table, documents) for table in TABLES]
    except WarwireError:
        raise
    except Exception:
        # Lone surrogates are rare, and looking for them in every string is not cheap: only now.
        documents = [repaired(document) for document in documents]
    try:
        return [encode(table, documents) for table in TABLES]
    except Exception:
        faults = [(i, fault) for i, document in enumerate(documents) if (fault := _fault(document, encode))]
        if faults:
            raise UnwritableError(faults) from None
        raise


def _fault(document: Document, encode: Callable[[str, Sequence[Document]], bytes]) -> Exception | None:
    try:
        for table in TABLES:
            encode(table, [document])
    except Exception as error:
        return error
    return None


def _records(table: str, documents: Iterable[Document]) -> Iterator[Mapping[str, Any]]:
    if table == "documents":
        yield from map(document_record, documents)
    else:
        for document in documents:
            for row in _FLAT[table](document):
                yield typed_row(row, FLAT_COLUMNS[table])


def _jsonl(table: str, documents: Sequence[Document]) -> bytes:
    if table == "documents":
        return b"".join(map(encode_document, documents))
    return b"".join(msgspec.json.encode(record) + b"\n" for record in _records(table, documents))


def _parquet(table: str, documents: Sequence[Document]) -> bytes:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "archive") from None
    schema = _schema(table)
    records = list(_records(table, documents))
    columns = [_array([record[field.name] for record in records], field.type) for field in schema]
    sink = pa.BufferOutputStream()
    # Everything that may change the bytes is fixed here, whatever the library's defaults come to be.
    with parquet.ParquetWriter(
        sink,
        schema,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=True,
        write_statistics=True,
        store_schema=False,
    ) as writer:
        # An empty table has no row group at all: `datasets` stumbles over one without rows.
        if records:
            writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=_ROW_GROUP)
    data: bytes = sink.getvalue().to_pybytes()
    return data


@cache
def _schema(table: str) -> "pyarrow.Schema":
    return arrow_schema(table)


def _array(values: Sequence[Any], type: "pyarrow.DataType") -> "pyarrow.Array":
    """An Arrow array, column by column: several times faster than pyarrow's own way through nested records."""
    import pyarrow as pa

    if pa.types.is_struct(type):
        fields = [type.field(i) for i in range(type.num_fields)]
        present = [{} if value is None else value for value in values]
        children = [_array([value.get(field.name) for value in present], field.type) for field in fields]
        absent = pa.array([value is None for value in values], pa.bool_())
        return pa.StructArray.from_arrays(children, fields=fields, mask=absent)
    if pa.types.is_list(type):
        offsets = [0]
        flat: list[Any] = []
        for value in values:
            flat.extend(value or ())
            offsets.append(len(flat))
        absent = pa.array([value is None for value in values], pa.bool_())
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), _array(flat, type.value_type), type, mask=absent)
    return pa.array(values, type)
