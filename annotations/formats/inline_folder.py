"""The inline form as a format to convert to: a folder with an `.ann.txt` file for each document.

Ids that the form cannot write (`T-1`) are renumbered, and header values that are no single line are left out. A text
that the form would change (CRLF, line breaks at its edges, something like `[a|B:c]`) is refused.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError
from warwire.annotations.formats.folders import file_stem
from warwire.annotations.formats.inline import SUFFIX, parse_inline, write_inline

_NAME: Final = re.compile(r"[A-Za-z]\w*")
_KEY: Final = re.compile(r"[a-z_]+")
_TAKEN: Final = frozenset({"id", "date", "title", "source"})


def write_inline_folder(documents: Sequence[Document], out: Path) -> None:
    """Write the folder.

    Raises:
        InputError: a document's text, spans or events would change; the message names the document.
    """
    out.mkdir()
    for document in documents:
        (out / f"{file_stem(document.id)}{SUFFIX}").write_bytes(_source(document).encode())


def _source(document: Document) -> str:
    fitted = _fitted(document)
    source = write_inline(fitted)
    try:
        back = parse_inline(source.replace("\r\n", "\n"))
    except DocumentError:
        back = None
    if back is None or (back.id, back.text, _facts(back)) != (fitted.id, fitted.text, _facts(fitted)):
        what = "the inline form would change its text (CRLF, line breaks at its edges, or brackets like [a|B:c])"
        raise InputError(f"document {document.id!r}: {what}; convert it to another format")
    return source


def _facts(document: Document) -> object:
    spans = {(span.id, span.start, span.end, span.label) for span in document.spans}
    events = {
        (e.id, e.trigger, e.status, tuple(sorted((a.role, a.span) for a in e.arguments))) for e in document.events
    }
    return spans, events


def _fitted(document: Document) -> Document:
    extra: dict[str, Any] = {}
    source, meta = document.extra.get("source"), document.extra.get("meta")
    if _is_line(source):
        extra["source"] = source
    if isinstance(meta, Mapping):
        kept = {k: v for k, v in meta.items() if _KEY.fullmatch(k) and k not in _TAKEN and _is_line(v)}
        extra |= {"meta": kept} if kept else {}
    title = document.title if _is_line(document.title) else None
    return _renamed(replace(document, title=title, extra=extra))


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value == value.strip() and "\n" not in value and "\r" not in value


def _renamed(document: Document) -> Document:
    names = [*(span.id for span in document.spans), *(event.id for event in document.events)]
    if all(_NAME.fullmatch(name) for name in names):
        return document
    spans = {span.id: f"t{number}" for number, span in enumerate(document.spans, 1)}
    events = [
        replace(
            event,
            id=f"e{number}",
            trigger=spans[event.trigger],
            arguments=tuple(replace(argument, span=spans[argument.span]) for argument in event.arguments),
        )
        for number, event in enumerate(document.events, 1)
    ]
    return replace(
        document,
        spans=tuple(replace(span, id=spans[span.id]) for span in document.spans),
        events=tuple(events),
    )
