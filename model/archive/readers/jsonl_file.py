"""JSON Lines: a document a line, in the guide's form or any other whose fields the options name.

Only text, id, date, title and source are taken; spans, events and other fields of the input are left behind. Blank
lines count in the numbering and give nothing.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from warwire.model.archive.incoming import Article, Origin, Rejection
from warwire.model.archive.inputs import InputFile, ReadOptions
from warwire.model.archive.readers.compression import Report
from warwire.model.archive.readers.content import read_content
from warwire.model.archive.readers.encoding import HINT
from warwire.model.archive.readers.lines import LongLine, as_utf8, excerpt, numbered_lines
from warwire.model.archive.readers.record import build_article

_FIELDS: Final = ("text", "id", "date", "title", "source")
_HALF_PAIR: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_INTEGER: Final = re.compile(r"-?\d+")

Fields = tuple[object, object, object, object, object]
"""Text, id, date, title, source; `msgspec.UNSET` where the record lacks them."""


class _LineError(Exception):
    """A line that is no record: code and reason."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


def read_jsonl(file: InputFile, options: ReadOptions, start: int, report: Report) -> Iterator[Article | Rejection]:
    """The records of the lines behind `start`."""
    fields_of = field_reader(options)
    chunks = as_utf8(read_content(file, options, report), options.encoding)
    empty = start == 0
    for number, line, ended in numbered_lines(chunks, options.max_bytes, start):
        empty = False
        origin = Origin(file.name, number)
        if isinstance(line, LongLine):
            reason = f"a line of {line.size} bytes, {options.max_bytes} is the limit; raise --max-bytes"
            yield Rejection(origin, "read", "too-long", reason, None, excerpt(line))
            continue
        if not line or line.isspace():
            continue
        try:
            text, name, date, title, source = fields_of(line)
            if text is msgspec.UNSET:
                there = f"the fields are {_keys(line)}"
                raise _LineError("no-text", f"no field {options.text!r}; {there}; say which with --text-field")
        except _LineError as fault:
            yield _rejection(origin, fault, line, ended)
            continue
        yield build_article(origin, options, text, _known(name), _known(date), _known(title), _known(source))
    if empty:
        report("empty", "the file has no lines")


def field_reader(options: ReadOptions) -> Callable[[bytes], Fields]:
    """A function from a line to its fields; it raises `_LineError` where the line is no JSON object."""
    names = tuple(getattr(options, field) for field in _FIELDS)
    # The quick way decodes the fields alone. It knows no nested ones, and no field that is wanted twice.
    quick = not any("." in name for name in names) and len(set(names)) == len(names)
    wanted = tuple(json.dumps(name).encode() for name in names)
    decode = _struct_decoder(names) if quick else _mapping_decoder(names)

    def read(line: bytes) -> Fields:
        try:
            found = decode(line)
        except UnicodeDecodeError as error:
            raise _LineError("encoding", f"no UTF-8 ({error.reason}); {HINT}") from None
        except RecursionError:
            raise _LineError("broken-json", "broken JSON: nested too deeply") from None
        except msgspec.DecodeError as error:
            raise _decode_error(line, error) from None
        for key in wanted:
            if line.count(key) > 1:
                _refuse_repeated(line, names)
                break
        return found

    return read


def _struct_decoder(names: tuple[str, ...]) -> Callable[[bytes], Fields]:
    fields: list[tuple[str, Any, Any]] = [(field, Any, msgspec.UNSET) for field in _FIELDS]
    # The id as it stands in the line: a number of 5,000 digits is an id like any other.
    fields[1] = ("id", msgspec.Raw, msgspec.Raw(b""))
    kind = msgspec.defstruct("Line", fields, rename=dict(zip(_FIELDS, names, strict=True)), gc=False)
    decode = msgspec.json.Decoder(kind).decode

    def read(line: bytes) -> Fields:
        record: Any = decode(line)
        return record.text, _raw_id(record.id), record.date, record.title, record.source

    return read


def _mapping_decoder(names: tuple[str, ...]) -> Callable[[bytes], Fields]:
    decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

    def read(line: bytes) -> Fields:
        text, name, date, title, source = (_find(line, path, decode) for path in names)
        values = [raw if raw is msgspec.UNSET else msgspec.json.decode(raw) for raw in (text, date, title, source)]
        found = msgspec.UNSET if name is msgspec.UNSET else _raw_id(name)
        return values[0], found, values[1], values[2], values[3]

    return read


def _find(raw: Any, path: str, decode: Callable[[Any], dict[str, msgspec.Raw]]) -> Any:
    """The field of that name, else the field reached through each dot."""
    record = decode(raw)
    if path in record or "." not in path:
        return record.get(path, msgspec.UNSET)
    head, _, rest = path.partition(".")
    inner = record.get(head)
    return msgspec.UNSET if inner is None or bytes(inner)[:1] != b"{" else _find(inner, rest, decode)


def _raw_id(raw: msgspec.Raw) -> object:
    """A string, the decimal text of an integer as it is written, or what else is there."""
    written = bytes(raw)
    if not written or written == b"null":
        return None
    if written[:1] == b'"':
        return msgspec.json.decode(written)
    if _INTEGER.fullmatch(text := written.decode()):
        return text
    return msgspec.json.decode(written)


def _known(value: object) -> object:
    return None if value is msgspec.UNSET else value


def _decode_error(line: bytes, error: msgspec.DecodeError) -> _LineError:
    if isinstance(error, msgspec.ValidationError) and "Expected `object`" in str(error) and str(error).count("$") == 0:
        return _LineError("wrong-type", f"a JSON object is expected: {error}")
    if _HALF_PAIR.search(line):
        try:
            json.loads(line, parse_int=str)
        except (ValueError, RecursionError):
            pass
        else:
            return _LineError("surrogate", r"half a surrogate pair (\ud800 to \udfff), which is no character")
    return _LineError("broken-json", f"broken JSON: {error}")


def _refuse_repeated(line: bytes, names: tuple[str, ...]) -> None:
    """Refuse a record in which one of the fields that count stands twice: nobody knows which is meant."""
    heads = {name.partition(".")[0] for name in names} | set(names)
    last: list[tuple[str, Any]] = []

    def pairs(found: list[tuple[str, Any]]) -> None:
        last[:] = found

    try:
        # Numbers stay text: Python refuses those of many digits.
        json.loads(line, object_pairs_hook=pairs, parse_int=str)
    except (ValueError, RecursionError):
        raise _LineError("broken-json", "broken JSON: nested too deeply") from None
    keys = [key for key, _ in last if key in heads]
    if len(keys) > len(set(keys)):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _LineError("repeated-field", f"the field {twice!r} stands there more than once")


def _keys(line: bytes) -> str:
    try:
        return ", ".join(msgspec.json.decode(line, type=dict[str, msgspec.Raw])) or "none"
    except UnicodeDecodeError:
        return "no UTF-8"


def _rejection(origin: Origin, fault: _LineError, line: bytes, ended: bool) -> Rejection:
    code, reason = fault.code, fault.reason
    if not ended and code in ("broken-json", "encoding"):
        code, reason = "truncated", f"the last line has no line feed and is no whole record: cut off ({reason})"
    return Rejection(origin, "read", code, reason, None, excerpt(line))
