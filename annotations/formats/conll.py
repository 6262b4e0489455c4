"""CoNLL-2003: a token a line with its tag in the last column, IOB2 (https://aclanthology.org/W03-0419).

The columns are token, part of speech (`-X-`, not known), chunk (`_`) and tag. `-DOCSTART-` begins a document, its
id in the second column, percent-encoded; blank lines part sentences, here the lines of the text. The format keeps
neither the spacing of the text nor events.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.formats.losses import Reading
from warwire.annotations.formats.tokens import tokens_of
from warwire.annotations.jsonl import decode_utf8, open_binary
from warwire.annotations.record import parse_record

_START: Final = "-DOCSTART-"
_OUTSIDE: Final = "O"
_NOT_KNOWN: Final = ("-X-", _OUTSIDE)
_BETWEEN: Final = re.compile(r"[ \t]+")

Line = tuple[int, str, str]
"""Number of a line in the file, token, tag."""


def write_conll(documents: Sequence[Document], out: Path) -> None:
    """Write the file."""
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            file.writelines(f"{line}\n" for line in _lines(document))


def read_conll(path: Path) -> Reading:
    """The documents of a file, their tokens joined by single spaces and their sentences by line breaks.

    Raises:
        InputError: the file cannot be opened or holds no token.
        DocumentError: a line has one column, or a tag is not IOB2 with our labels; the line is named.
    """
    with open_binary(path) as file:
        data = file.read()
    try:
        lines = decode_utf8(data).split("\n")
    except DocumentError as error:
        raise DocumentError(tuple(problem.at(str(path)) for problem in error.problems)) from None
    documents = [_document(path, name, sentences) for name, sentences in _blocks(path, lines) if any(sentences)]
    if not documents:
        raise InputError(f"{path}: no token in this file; a token a line is expected, its tag in the last column")
    return Reading(tuple(documents), {})


def _blocks(path: Path, lines: Sequence[str]) -> Iterator[tuple[str | None, list[list[Line]]]]:
    name: str | None = None
    sentences: list[list[Line]] = [[]]
    for number, line in enumerate(lines, 1):
        # A no-break space may stand inside a token: only blanks and tabs part columns.
        columns = _BETWEEN.split(line.strip(" \t\r"))
        if columns[0] == _START:
            yield name, sentences
            name, sentences = _name(columns), [[]]
        elif columns == [""]:
            sentences.append([])
        elif len(columns) == 1:
            what = f"one column ({columns[0]!r}); a token and its tag are expected, with a blank between them"
            raise DocumentError((Problem(what, path=str(path), line=number),))
        else:
            sentences[-1].append((number, columns[0], columns[-1]))
    yield name, sentences


def _name(columns: Sequence[str]) -> str | None:
    return unquote(columns[1]) if len(columns) > 1 and columns[1] not in _NOT_KNOWN else None


def _lines(document: Document) -> Iterator[str]:
    name = quote(document.id, safe="")
    yield f"{_START} {f'%{ord(name[0]):02X}{name[1:]}' if name in _NOT_KNOWN else name} O O"
    yield ""
    text, before = document.text, 0
    spans = iter(sorted(document.spans, key=lambda span: span.start))
    span = next(spans, None)
    for start, end in tokens_of(document):
        while span is not None and span.end <= start:
            span = next(spans, None)
        inside = span is not None and span.start < start
        # A sentence that ended inside a span would begin with an I- tag, which is no IOB2.
        if before and not inside and "\n" in text[before:start]:
            yield ""
        label = span.label if span is not None and span.start <= start else None
        tag = _OUTSIDE if label is None else f"{'I' if inside else 'B'}-{label}"
        yield f"{text[start:end]} -X- _ {tag}"
        before = end
    yield ""


def _document(path: Path, name: str | None, sentences: Sequence[Sequence[Line]]) -> Document:
    parts: list[str] = []
    spans: list[dict[str, Any]] = []
    at_line: dict[str | None, int] = {None: next(number for sentence in sentences for number, _, _ in sentence)}
    position = 0
    for sentence in (s for s in sentences if s):
        before = _OUTSIDE
        for number, token, tag in sentence:
            start = position
            position += len(token) + 1
            if tag.startswith("B-"):
                spans.append({"id": f"T{len(spans) + 1}", "start": start, "end": start + len(token), "label": tag[2:]})
                at_line[f"T{len(spans)}"] = number
            elif tag.startswith("I-") and before[2:] == tag[2:]:
                spans[-1]["end"] = start + len(token)
            elif tag != _OUTSIDE:
                what = f"tag {tag!r} after {before!r}; IOB2 is expected: O, B-LABEL, or I-LABEL after its own label"
                raise DocumentError((Problem(what, path=str(path), line=number),))
            before = tag
        parts.append(" ".join(token for _, token, _ in sentence))
    record = {"id": name, "text": "\n".join(parts), "spans": spans}
    try:
        return parse_record(record, id_from_text=True)
    except DocumentError as error:
        found = (
            replace(problem, path=str(path), line=at_line.get(problem.span, at_line[None]))
            for problem in error.problems
        )
        raise DocumentError(tuple(found)) from None
