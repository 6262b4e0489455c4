"""The bytes of a table of documents, made a piece at a time, so that no more than a piece is in memory as records.

The same documents give the same bytes, and a long one those of the same document in one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from warwire.annotations.document import Document
from warwire.annotations.errors import MissingExtraError
from warwire.annotations.jsonl import encode_document
from warwire.annotations.record import to_record
from warwire.model.archive.columns import Column, ListColumn, array_of, column_of
from warwire.model.archive.long_document import LongDocument
from warwire.model.archive.records import document_record, typed_row
from warwire.model.archive.schema import FLAT_COLUMNS, arrow_schema
from warwire.model.archive.sections import grouped, unpack_section
from warwire.model.attacks import attack_rows
from warwire.model.rows import rows_of

if TYPE_CHECKING:
    import pyarrow

Documents = Sequence[Document | LongDocument]

_LEVEL: Final = 3
"""Of zstd: higher ones cost more time than they save space on short texts."""

_ROW_GROUP: Final = 1 << 16
_PIECE_ROWS: Final = 1 << 12
_PIECE_CHARACTERS: Final = 200_000
"""Rows of a flat table, and code points of documents, that are records at the same time."""


def parquet_chunks(table: str, documents: Documents) -> Sequence[memoryview]:
    """A Parquet file of one of `schema.TABLES`, in chunks.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "archive") from None
    # The system's own allocator gives back what a long document leaves in pieces; the others keep most of it.
    pa.set_memory_pool(pa.system_memory_pool())
    sink = pa.BufferOutputStream()
    # Everything that may change the bytes is fixed here, whatever the library's defaults come to be.
    with parquet.ParquetWriter(
        sink,
        _schema(table),
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=True,
        write_statistics=True,
        store_schema=False,
    ) as writer:
        # An empty table has no row group at all: `datasets` stumbles over one without rows.
        for piece in _document_groups(documents) if table == "documents" else _row_groups(table, documents):
            writer.write_table(piece, row_group_size=_ROW_GROUP)
    return (memoryview(sink.getvalue()),)


def jsonl_chunks(table: str, documents: Documents) -> Iterable[bytes]:
    """A JSONL file of one of `schema.TABLES`, in chunks; each pass over them makes those of long documents anew.

    Whether all can be made is found out here, so that no pass fails half way.
    """
    long = [document for document in documents if isinstance(document, LongDocument)]
    for document in long:
        for _ in _jsonl(table, document):
            pass
    if long:
        return _Again(lambda: chain.from_iterable(_jsonl(table, document) for document in documents))
    return (b"".join(chain.from_iterable(_jsonl(table, document) for document in documents)),)


class _Again:
    """Chunks that are made anew on each pass."""

    def __init__(self, make: Callable[[], Iterator[bytes]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[bytes]:
        return self._make()


def _jsonl(table: str, document: Document | LongDocument) -> Iterator[bytes]:
    if table != "documents":
        for record in _flat_records(table, [document]):
            yield msgspec.json.encode(record) + b"\n"
    elif isinstance(document, LongDocument):
        yield from _long_line(document)
    else:
        yield encode_document(document)


def _long_line(document: LongDocument) -> Iterator[bytes]:
    """The line of a long document: the three values that are long are written section by section."""
    long: dict[str, Callable[[], Iterator[bytes]]] = {
        "text": lambda: _joined(b'"', b"", map(_json, map(unpack_section, document.texts)), b'"'),
        "spans": lambda: _joined(b"[", b",", (_json(to_record(found)["spans"]) for found in document.findings()), b"]"),
        "events": lambda: _joined(
            b"[", b",", (_json(to_record(found)["events"]) for found in document.findings()), b"]"
        ),
    }
    begin = b"{"
    for key, value in to_record(document.head).items():
        yield begin + _json(key) + b":"
        yield from long[key]() if key in long else (_json(value),)
        begin = b","
    yield b"}\n"


def _json_of_all(document: LongDocument, key: str) -> Iterator[bytes]:
    return (_json(to_record(found)[key]) for found in document.findings())


def _joined(begin: bytes, between: bytes, values: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    """One JSON value of many, whose own first and last bytes are left out."""
    yield begin
    lead = b""
    for value in values:
        if len(value) > 2:
            yield lead + value[1:-1]
            lead = between
    yield end


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)


def _flat_records(table: str, documents: Documents) -> Iterator[Mapping[str, Any]]:
    columns = FLAT_COLUMNS[table]
    for row in chain.from_iterable(map(_rows if table == "rows" else _attacks, documents)):
        yield typed_row(row, columns)


def _rows(document: Document | LongDocument) -> Iterator[Mapping[str, str]]:
    if isinstance(document, LongDocument):
        return chain.from_iterable(map(rows_of, document.documents()))
    return rows_of(document)


def _attacks(document: Document | LongDocument) -> Iterator[Mapping[str, str]]:
    if not isinstance(document, LongDocument):
        yield from attack_rows(document)
        return
    told = 0
    for part in document.parts():
        number = 0
        for row in attack_rows(part):
            number = int(row["attack"].removeprefix("A"))
            yield {**row, "attack": f"A{told + number}"} if told else row
        told += number


def _row_groups(table: str, documents: Documents) -> Iterator["pyarrow.Table"]:
    import pyarrow as pa

    schema = _schema(table)
    columns: list[Column] = [column_of(field.type) for field in schema]
    held = 0
    rows = _flat_records(table, documents)
    while records := list(islice(rows, _PIECE_ROWS)):
        for column, array in zip(columns, _arrays(records, schema), strict=True):
            column.append(array)
        held += len(records)
        if held == _ROW_GROUP:
            yield pa.Table.from_arrays([column.close() for column in columns], schema=schema)
            held = 0
    if held:
        yield pa.Table.from_arrays([column.close() for column in columns], schema=schema)


def _document_groups(documents: Documents) -> Iterator["pyarrow.Table"]:
    import pyarrow as pa

    schema = _schema("documents")
    columns = [column_of(field.type) for field in schema]
    sizes = [2 * _PIECE_CHARACTERS if isinstance(d, LongDocument) else len(d.text) for d in documents]
    for group in grouped(sizes, _PIECE_CHARACTERS):
        piece = documents[group.start : group.stop]
        if isinstance(piece[0], LongDocument):
            _append_long(columns, piece[0], schema)
            continue
        records = [document_record(cast(Document, document)) for document in piece]
        for column, array in zip(columns, _arrays(records, schema), strict=True):
            column.append(array)
    if documents:
        yield pa.Table.from_arrays([column.close() for column in columns], schema=schema)


def _append_long(columns: Sequence[Column], document: LongDocument, schema: "pyarrow.Schema") -> None:
    """Append the row of a long document: spans and events go into their lists section by section."""
    import pyarrow as pa

    record = document_record(document.head)
    by_name = dict(zip(schema.names, columns, strict=True))
    for name, column in by_name.items():
        if name == "text":
            data = b"".join(unpack_section(text).encode() for text in document.texts)
            ends = pa.array([0, len(data)], pa.int32()).buffers()[1]
            column.append(pa.StringArray.from_buffers(1, ends, pa.py_buffer(data)))
        elif name not in ("spans", "events"):
            column.append(array_of([record[name]], schema.field(name).type))
    lists = {name: cast(ListColumn, by_name[name]) for name in ("spans", "events")}
    for found in document.findings():
        record = document_record(found)
        for name, column in lists.items():
            column.append_part(array_of(record[name], schema.field(name).type.value_type))
    for column in lists.values():
        column.end_list()


def _arrays(records: Sequence[Mapping[str, Any]], schema: "pyarrow.Schema") -> list["pyarrow.Array"]:
    return [array_of([record[field.name] for record in records], field.type) for field in schema]


@cache
def _schema(table: str) -> "pyarrow.Schema":
    return arrow_schema(table)
