"""Formats with one JSON object a line: read and written line by line, with the line's number in every error."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.jsonl import BYTE_ORDER_MARK, decode_utf8, open_binary

T = TypeVar("T")


def write_lines(records: Iterable[Mapping[str, Any]], out: Path) -> None:
    """Write the file."""
    with out.open("wb") as file:
        file.writelines(msgspec.json.encode(record) + b"\n" for record in records)


def read_lines(path: Path, parse: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
    """What `parse` makes of each line of a file, in order; blank lines are passed over.

    Raises:
        InputError: the file cannot be opened or is empty.
        DocumentError: a line is no JSON object, or `parse` raised DocumentError or ValueError; file and line are named.
    """
    found = False
    with open_binary(path) as file:
        for number, line in enumerate(file, 1):
            body = line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line
            if not body.strip():
                continue
            found = True
            try:
                yield parse(_object(body))
            except DocumentError as error:
                raise DocumentError(tuple(problem.at(str(path), number) for problem in error.problems)) from None
            except ValueError as error:
                raise DocumentError((Problem(str(error), path=str(path), line=number),)) from None
    if not found:
        raise InputError(f"{path}: the file is empty; a JSON object a line is expected")


def decode_json(data: bytes) -> object:
    """A JSON value.

    Raises:
        DocumentError: the bytes are no UTF-8.
        ValueError: they are no JSON, or nested too deeply; the message is one line.
    """
    text = decode_utf8(data)
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ValueError(f"no JSON: {error}") from None
    except RecursionError:
        raise ValueError("no JSON: nested too deeply") from None


def objects_of(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects in a list of a record; none where the key is missing or null.

    Raises:
        ValueError: it is no list, or holds something else than objects.
    """
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ValueError(f"key {key!r} must be a list of objects")
    return value


def _object(body: bytes) -> Mapping[str, Any]:
    record = decode_json(body)
    if not isinstance(record, Mapping):
        raise ValueError("a JSON object is expected")
    return record
