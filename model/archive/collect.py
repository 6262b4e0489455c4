"""An archive read back: its documents, and its tables as the strings that a CSV has, shard after shard."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, MissingExtraError
from warwire.annotations.jsonl import scan
from warwire.model.archive.job import read_job
from warwire.model.archive.manifest import FILE as MANIFEST
from warwire.model.archive.manifest import scan_entries
from warwire.model.archive.records import document_of, string_row
from warwire.model.archive.schema import FLAT_COLUMNS, TABLES

Table = Literal["rows", "attacks"]

_BATCH: Final = 64
"""Records of a Parquet file that are in memory at once as Python objects."""


def read_archive(out: Path) -> Iterator[Document]:
    """The documents of an archive in the order of its inputs, streaming.

    Shards that are not finished, or whose files have not the right size, are left out; `warwire archive` makes them.

    Raises:
        InputError: the folder is no archive, or a file of it is damaged.
        MissingExtraError: Parquet without pyarrow.
    """
    for path in _files(out, "documents"):
        if path.suffix == ".parquet":
            yield from map(document_of, _parquet_records(path))
        else:
            yield from _jsonl_documents(path)


def is_finished(out: Path) -> bool:
    """Whether the run that makes an archive has come to its end.

    Raises:
        InputError: the folder is no archive.
    """
    read_job(out)
    return (out / MANIFEST).is_file()


def archive_rows(out: Path, table: Table) -> Iterator[dict[str, str]]:
    """The rows of a flat table of an archive, as `rows_of` and `attack_rows` give them, streaming.

    Raises:
        InputError: the folder is no archive, or a file of it is damaged.
        MissingExtraError: Parquet without pyarrow.
    """
    for path in _files(out, table):
        records = _parquet_records(path) if path.suffix == ".parquet" else _jsonl_records(path)
        for record in records:
            yield string_row(record, FLAT_COLUMNS[table])


def _files(out: Path, table: str) -> Iterator[Path]:
    read_job(out)
    for entry in scan_entries(out):
        if entry.files:
            yield out / entry.files[TABLES.index(table)].path


def _parquet_records(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "archive") from None
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                yield from batch.to_pylist()
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise InputError(_damaged(path, str(error))) from None


def _jsonl_documents(path: Path) -> Iterator[Document]:
    for record in scan(path):
        if record.document is None:
            raise DocumentError(record.problems)
        yield record.document


def _jsonl_records(path: Path) -> Iterator[Mapping[str, Any]]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    try:
        with path.open("rb") as file:
            for line in file:
                yield decoder.decode(line)
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(_damaged(path, str(error))) from None


def _damaged(path: Path, message: str) -> str:
    reason = " ".join(message.split())
    return f"{path}: damaged: {reason}; run 'warwire archive' on the same inputs again: it makes the shard anew"
