"""Parquet: a document a row, read in batches of bounded size.

Text, title and source are columns of strings (also large, dictionary-coded, or bytes in UTF-8). An id may be an
integer, a date a string, a date or a timestamp, which is cut to its day in the column's own time zone. A dot in a name
reaches into a column of structures.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO, Final, cast

from warwire.annotations.errors import MissingExtraError, WarwireError
from warwire.model.archive.incoming import Article, Origin, Rejection
from warwire.model.archive.inputs import InputFile, ReadOptions, file_compression
from warwire.model.archive.readers.compression import Report
from warwire.model.archive.readers.content import read_content
from warwire.model.archive.readers.record import build_article
from warwire.model.archive.remote import open_address

_FIELDS: Final = ("text", "id", "date", "title", "source")
_BATCH_BYTES: Final = 8 << 20
_BATCH_ROWS: Final = 2048
_BOMB_FLOOR: Final = 16 << 20


class _Wrong:
    """A value of a type that its field cannot have, by the name of the type."""

    def __init__(self, name: str) -> None:
        self.name = name


class _Undecodable:
    """Bytes that are no UTF-8."""


class _TooLong:
    """A value above the limit, and its size in bytes."""

    def __init__(self, size: int) -> None:
        self.size = size


def read_parquet(file: InputFile, options: ReadOptions, start: int, report: Report) -> Iterator[Article | Rejection]:
    """The rows behind `start`."""
    _pyarrow()
    with ExitStack() as stack:
        try:
            opened = _open(file, options, report, stack)
        except WarwireError:
            raise
        except Exception as error:
            report("corrupt", f"no Parquet file that can be read: {_line(error)}")
            return
        if opened is None:
            return
        columns = _columns(opened.schema_arrow, options)
        if isinstance(columns, str):
            report("no-column", columns)
            return
        yield from _groups(opened, columns, file, options, start, report)


def _groups(
    opened: Any, columns: dict[str, str], file: InputFile, options: ReadOptions, start: int, report: Report
) -> Iterator[Article | Rejection]:
    number = 0
    for group in range(opened.num_row_groups):
        meta = opened.metadata.row_group(group)
        end = number + meta.num_rows
        if problem := _bomb(meta, options):
            report("bomb", f"row group {group + 1} {problem}; the rest is not read")
            return
        if end > start:
            try:
                for batch in opened.iter_batches(_batch_rows(meta), row_groups=[group], columns=[*columns.values()]):
                    skipped = min(max(start - number, 0), batch.num_rows)
                    for row in _values(batch.slice(skipped), columns, options):
                        yield _article(Origin(file.name, number + skipped + 1), row, options)
                        skipped += 1
                    number += batch.num_rows
            except (ArithmeticError, LookupError, MemoryError, OSError, RuntimeError, ValueError) as error:
                # How many rows are lost is known: each is rejected, and the file needs no damage besides.
                reason = f"row group {group + 1} of the Parquet file is corrupt: {_line(error)}"
                for lost in range(max(number, start) + 1, end + 1):
                    yield Rejection(Origin(file.name, lost), "read", "corrupt", reason)
        number = end


def _open(file: InputFile, options: ReadOptions, report: Report, stack: ExitStack) -> Any:
    import pyarrow.parquet as pq

    source: BinaryIO
    if file_compression(file.name) is None:
        source = stack.enter_context(open_address(file.address))
    else:
        # Parquet is read from its end: what is compressed as a whole must be laid out first.
        source = cast(BinaryIO, stack.enter_context(tempfile.TemporaryFile()))  # noqa: SIM115
        for piece in read_content(file, options, report):
            source.write(piece)
        source.seek(0)
    if not source.read(1):
        report("empty", "the file is empty")
        return None
    source.seek(0)
    return stack.enter_context(pq.ParquetFile(source, buffer_size=1 << 20, pre_buffer=False))


def _columns(schema: Any, options: ReadOptions) -> dict[str, str] | str:
    """The paths of the columns by field, or what is wrong with them."""
    there = f"the columns are {', '.join(repr(name) for name in schema.names)}"
    columns = {}
    for field in _FIELDS:
        name, usual = getattr(options, field), getattr(ReadOptions(), field)
        if schema.names.count(name) > 1:
            return f"the column {name!r} stands there more than once"
        if _reaches(schema, name):
            columns[field] = name
        elif field == "text":
            return f"no column {name!r} for the text; {there}; say which with --text-field"
        elif name != usual:
            return f"no column {name!r} for the {field}; {there}"
    return columns


def _reaches(schema: Any, name: str) -> bool:
    import pyarrow as pa

    if name in schema.names:
        return True
    head, *rest = name.split(".")
    if head not in schema.names:
        return False
    kind = schema.field(head).type
    for part in rest:
        if not pa.types.is_struct(kind) or kind.get_field_index(part) < 0:
            return False
        kind = kind.field(part).type
    return True


def _bomb(meta: Any, options: ReadOptions) -> str | None:
    packed = sum(meta.column(i).total_compressed_size for i in range(meta.num_columns))
    size = sum(meta.column(i).total_uncompressed_size for i in range(meta.num_columns))
    if size > max(_BOMB_FLOOR, options.max_ratio * packed):
        return f"grows more than {options.max_ratio} times when it is decompressed"
    return None


def _batch_rows(meta: Any) -> int:
    rows: int = _BATCH_BYTES * meta.num_rows // max(1, meta.total_byte_size)
    return max(1, min(_BATCH_ROWS, rows))


def _values(batch: Any, columns: dict[str, str], options: ReadOptions) -> Iterator[dict[str, Any]]:
    lists = {field: _column_values(_column(batch, name), field, options) for field, name in columns.items()}
    for row in zip(*lists.values(), strict=True):
        yield dict(zip(lists, row, strict=True))


def _column(batch: Any, name: str) -> Any:
    if name in batch.schema.names:
        return batch.column(name)
    import pyarrow.compute as pc

    head, *rest = name.split(".")
    return pc.struct_field(batch.column(head), rest)


def _column_values(column: Any, field: str, options: ReadOptions) -> list[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if _is_text(kind):
        binary = column.cast(pa.large_binary())
        if (pc.max(pc.binary_length(binary)).as_py() or 0) <= options.max_bytes:
            return [_decoded(value) for value in binary.to_pylist()]
        sizes = pc.binary_length(binary).to_pylist()
        return [
            _TooLong(size) if (size or 0) > options.max_bytes else _decoded(binary[row].as_py())
            for row, size in enumerate(sizes)
        ]
    if pa.types.is_null(kind):
        return [None] * len(column)
    if field in ("id", "date") and pa.types.is_integer(kind):
        return [None if value is None else str(value) for value in column.to_pylist()]
    if field == "date" and (pa.types.is_date(kind) or pa.types.is_timestamp(kind)):
        return _days(column)
    wrong = _Wrong(str(kind))
    return [wrong if valid else None for valid in column.is_valid().to_pylist()]


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    tests = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    views = (types.is_string_view, types.is_binary_view) if hasattr(types, "is_string_view") else ()
    return any(test(kind) for test in (*tests, *views))


def _decoded(value: bytes | None) -> Any:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return _Undecodable()


def _days(column: Any) -> list[str | None]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type):
        if column.type.tz is not None:
            column = pc.local_timestamp(column)
        # Python's datetime has no nanoseconds, and a day needs none.
        column = column.cast(pa.timestamp("us"), safe=False)
    return [None if day is None else day.isoformat()[:10] for day in column.to_pylist()]


def _article(origin: Origin, row: dict[str, Any], options: ReadOptions) -> Article | Rejection:
    name = row.get("id") if isinstance(row.get("id"), str) else None
    for field, value in row.items():
        column = getattr(options, field)
        if isinstance(value, _Undecodable):
            return Rejection(origin, "read", "encoding", f"column {column!r} holds bytes that are no UTF-8", name)
        if isinstance(value, _TooLong):
            reason = f"column {column!r} has {value.size} bytes, {options.max_bytes} is the limit; raise --max-bytes"
            return Rejection(origin, "read", "too-long", reason, name)
        if isinstance(value, _Wrong):
            return Rejection(origin, "read", "wrong-type", f"column {column!r} is of the type {value.name}", name)
    return build_article(origin, options, **{"text": None, **row})


def _pyarrow() -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "pyarrow", "archive") from None


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
