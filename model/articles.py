"""Articles from files: plain text, HTML and document JSONL, or the same on standard input.

A bad file or line becomes a problem; the others are read all the same.
"""

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, MissingExtraError, Problem
from warwire.annotations.jsonl import decode_utf8, open_binary, scan_lines

STANDARD_INPUT: Final = "-"
_JSONL: Final = frozenset({".jsonl", ".ndjson", ".json"})
_HTML: Final = frozenset({".html", ".htm", ".xhtml"})


def read_articles(names: Iterable[str], published: str | None = None) -> Iterator[Document | Problem]:
    """The documents of the files in order, with problems where they occur.

    Args:
        names: paths, or "-" for standard input.
        published: date for documents that have none.
    """
    for name in names:
        try:
            for item in _read_one(name):
                if isinstance(item, Document) and item.date is None:
                    yield replace(item, date=published)
                else:
                    yield item
        except DocumentError as error:
            yield from (problem.at(_shown_name(name), problem.line) for problem in error.problems)
        except MissingExtraError:
            raise
        except InputError as error:
            yield Problem(str(error))


def _read_one(name: str) -> Iterator[Document | Problem]:
    if name == STANDARD_INPUT:
        data = sys.stdin.buffer.read()
        if data.lstrip()[:1] == b"{":
            yield from _records(io.BytesIO(data), name)
        else:
            yield _text_document(data, "stdin")
        return
    path = Path(name)
    with open_binary(path) as file:
        if path.suffix.lower() in _JSONL:
            yield from _records(file, name)
        elif path.suffix.lower() in _HTML:
            yield _html_document(file.read(), path.stem)
        else:
            yield _text_document(file.read(), path.stem)


def _records(lines: Iterable[bytes], name: str) -> Iterator[Document | Problem]:
    found = False
    for record in scan_lines(lines, _shown_name(name), id_from_text=True):
        found = True
        yield from record.problems
        if record.document is not None:
            yield record.document
    if not found:
        raise DocumentError((Problem("the file is empty; a document JSONL file holds one JSON object a line"),))


def _text_document(data: bytes, name: str) -> Document:
    if b"\x00" in data[:8192]:
        raise DocumentError((Problem("a binary file, not text; give plain text, HTML or document JSONL"),))
    text = decode_utf8(data)
    if not text.strip():
        raise DocumentError((Problem("the file is empty; there is nothing to read"),))
    return Document(name, text)


def _html_document(data: bytes, name: str) -> Document:
    from warwire.model.archive.readers.html import PageError, read_page

    try:
        page = read_page(data)
    except PageError as error:
        raise DocumentError((Problem(error.reason),)) from None
    if not page.text.strip():
        raise DocumentError((Problem("no text found in this HTML file"),))
    return Document(name, page.text, page.day, page.title)


def _shown_name(name: str) -> str:
    return "standard input" if name == STANDARD_INPUT else name
