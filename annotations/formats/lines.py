"""Formats with one JSON object a line: read and written line by line, with the line's number in every error."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.jsonl import BYTE_ORDER_MARK, decode_utf8, open_binary


def write_lines(records: Iterable[Mapping[str, Any]], out: Path) -> None:
    """Write a file that appears whole or not at all."""
    part = out.with_name(out.name + ".part")
    with part.open("wb") as file:
        file.writelines(msgspec.json.encode(record) + b"\n" for record in records)
    part.replace(out)


def read_lines(path: Path, parse: Callable[[Mapping[str, Any]], Document]) -> Iterator[Document]:
    """The documents of a file, in order.

    Raises:
        InputError: the file cannot be opened or is empty.
        DocumentError: a line is no JSON object or does not hold a document; file and line are named.
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
            except (ValueError, InputError) as error:
                raise DocumentError((Problem(str(error), path=str(path), line=number),)) from None
    if not found:
        raise InputError(f"{path}: the file is empty; a JSON object a line is expected")


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        record = msgspec.json.decode(decode_utf8(body))
    except msgspec.DecodeError as error:
        raise ValueError(f"no JSON: {error}") from None
    if not isinstance(record, Mapping):
        raise ValueError("a JSON object is expected")
    return record
