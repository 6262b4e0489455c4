"""CoNLL-2003: a token a line with its tag in the last column, IOB2 (https://aclanthology.org/W03-0419).

The columns are token, part of speech (`-X-`, not known), chunk (`_`) and tag. `-DOCSTART-` begins a document, its
id in the second column; blank lines part sentences, here the paragraphs of the text. The format keeps neither the
spacing of the text nor events.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.formats.losses import lost_values
from warwire.annotations.formats.tokens import tokens_of
from warwire.annotations.jsonl import decode_utf8, open_binary
from warwire.annotations.record import parse_record

_START: Final = "-DOCSTART-"
_OUTSIDE: Final = "O"

Line = tuple[int, str, str]
"""Number of a line in the file, token, tag."""


def write_conll(documents: Sequence[Document], out: Path) -> Counter[str]:
    """Write the file; what is lost, counted."""
    part = out.with_name(out.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            file.writelines(f"{line}\n" for line in _lines(document))
    part.replace(out)
    lost = lost_values(documents)
    lost["texts' spacing"] = sum(_spaced(document) != document.text for document in documents)
    return +lost


def read_conll(path: Path) -> Iterator[Document]:
    """The documents of a file, their tokens joined by single spaces and their sentences by line breaks.

    Raises:
        InputError: the file cannot be opened or holds no token.
        DocumentError: a line has one column, or a tag is not IOB2 with our labels; the line is named.
    """
    with open_binary(path) as file:
        lines = decode_utf8(file.read()).split("\n")
    name: str | None = None
    sentences: list[list[Line]] = [[]]
    found = False
    for number, line in enumerate(lines, 1):
        columns = line.split()
        if columns[:1] == [_START]:
            if any(sentences):
                found = True
                yield _document(path, name, sentences)
            name, sentences = _name(columns), [[]]
        elif not columns:
            sentences.append([])
        elif len(columns) == 1:
            problem = Problem(f"one column ({columns[0]!r}); a token and its tag are expected", line=number)
            raise DocumentError((problem.at(str(path), number),))
        else:
            sentences[-1].append((number, columns[0], columns[-1]))
    if any(sentences):
        yield _document(path, name, sentences)
    elif not found:
        raise InputError(f"{path}: no token in this file; a token a line is expected, its tag in the last column")


def _name(columns: Sequence[str]) -> str | None:
    return unquote(columns[1]) if len(columns) > 1 and columns[1] not in ("-X-", _OUTSIDE) else None


def _lines(document: Document) -> Iterator[str]:
    yield f"{_START} {quote(document.id, safe='')} O O"
    yield ""
    tags = {span.start: span.label for span in document.spans}
    ends = sorted((span.start, span.end, span.label) for span in document.spans)
    for _, sentence in groupby(_tokens(document), key=lambda token: document.text.count("\n", 0, token[0])):
        for start, end in sentence:
            inside = next((label for first, last, label in ends if first < start < last), None)
            tag = f"B-{tags[start]}" if start in tags else f"I-{inside}" if inside else _OUTSIDE
            yield f"{document.text[start:end]} -X- _ {tag}"
        yield ""


def _tokens(document: Document) -> list[tuple[int, int]]:
    return [(start, end) for start, end in tokens_of(document) if not document.text[start:end].isspace()]


def _spaced(document: Document) -> str:
    tokens = groupby(_tokens(document), key=lambda token: document.text.count("\n", 0, token[0]))
    return "\n".join(" ".join(document.text[a:b] for a, b in sentence) for _, sentence in tokens)


def _document(path: Path, name: str | None, sentences: Sequence[Sequence[Line]]) -> Document:
    parts: list[str] = []
    spans: list[dict[str, Any]] = []
    position = 0
    for sentence in (s for s in sentences if s):
        before = _OUTSIDE
        for number, token, tag in sentence:
            start = position
            position += len(token) + 1
            if tag.startswith("B-"):
                spans.append({"id": f"T{len(spans) + 1}", "start": start, "end": start + len(token), "label": tag[2:]})
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
        first = next(number for sentence in sentences for number, _, _ in sentence)
        raise DocumentError(tuple(problem.at(str(path), first) for problem in error.problems)) from None
