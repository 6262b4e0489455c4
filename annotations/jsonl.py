"""Document JSONL: one JSON object a line, UTF-8.

Lines are split at the byte 0x0A alone, so that U+2028, U+0085 and bare carriage returns inside a text survive.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.record import parse_record, to_record

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """What stands on one line: a document, or the problems that keep it from being one."""

    path: str
    line: int
    document: Document | None
    problems: tuple[Problem, ...] = ()


def scan_lines(lines: Iterable[bytes], path: str, *, id_from_text: bool = False) -> Iterator[Record]:
    """One record a non-blank line; a broken line is a record with problems, and reading goes on."""
    for number, line in enumerate(lines, 1):
        body = line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line
        if not body.strip():
            continue
        try:
            document = parse_record(_decode(body), id_from_text=id_from_text)
        except DocumentError as error:
            yield Record(path, number, None, tuple(problem.at(path, number) for problem in error.problems))
        else:
            yield Record(path, number, document)


def scan(path: Path, *, id_from_text: bool = False) -> Iterator[Record]:
    """The records of a file, in order, streaming.

    Raises:
        InputError: the file cannot be opened.
    """
    with open_binary(path) as file:
        yield from scan_lines(file, str(path), id_from_text=id_from_text)


def read_documents(path: Path) -> list[Document]:
    """All documents of a file.

    Raises:
        InputError: the file is missing or empty, a line is broken (every broken line is named), or two documents
            have one id.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    first_line: dict[str, int] = {}
    for record in scan(path):
        problems += record.problems
        if record.document is None:
            continue
        if record.document.id in first_line:
            message = f"this id was already used on line {first_line[record.document.id]}"
            problems.append(Problem(message, "format", record.document.id).at(str(path), record.line))
        first_line.setdefault(record.document.id, record.line)
        documents.append(record.document)
    if problems:
        raise DocumentError(tuple(problems))
    if not documents:
        raise InputError(f"{path}: the file is empty; a document JSONL file holds one JSON object a line")
    return documents


def write_documents(path: Path, documents: Iterable[Document]) -> None:
    """Write a file that `read_documents` gives back; it appears whole or not at all."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        for document in documents:
            file.write(encode_document(document))
    part.replace(path)


def encode_document(document: Document) -> bytes:
    """One line of JSONL, line feed included."""
    return msgspec.json.encode(to_record(document)) + b"\n"


def open_binary(path: Path) -> BinaryIO:
    """Open a file for reading bytes.

    Raises:
        InputError: it is missing, a folder, or may not be read.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; give a file")
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def decode_utf8(data: bytes) -> str:
    """The text of UTF-8 bytes, a byte order mark dropped.

    Raises:
        DocumentError: naming the byte offset of the first byte that is no UTF-8.
    """
    try:
        return data.removeprefix(BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        skipped = len(BYTE_ORDER_MARK) if data.startswith(BYTE_ORDER_MARK) else 0
        offset = error.start + skipped
        message = f"no UTF-8 at byte offset {offset} (0x{data[offset]:02x}); convert the file to UTF-8 first"
        raise DocumentError((Problem(message),)) from None


def _decode(body: bytes) -> object:
    decode_utf8(body)
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        cut = "" if body.endswith(b"\n") else " (the last line, without a line feed: perhaps cut off)"
        raise DocumentError((Problem(f"broken JSON: {error}{cut}"),)) from None
    except RecursionError:
        raise DocumentError((Problem("broken JSON: nested too deeply"),)) from None
