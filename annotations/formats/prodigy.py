"""Prodigy: JSONL of its `rel.manual` and `spans.manual` interfaces (https://prodi.gy/docs/api-interfaces#relations).

A line holds `text`, `tokens`, `spans` (with offsets and token numbers), `relations` (head, child, label, and the spans
of both) and `meta`. Tokens are words and punctuation marks, cut again where a span ends inside one, so that no span is
lost. Events are relations between spans (see `relations`). Rejected and ignored examples are left out on reading.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.formats.lines import read_lines, write_lines
from warwire.annotations.formats.losses import lost_values
from warwire.annotations.formats.relations import Relation, event_records, relations_of
from warwire.annotations.formats.tokens import tokens_of
from warwire.annotations.record import parse_record

_SKIPPED: Final = frozenset({"reject", "ignore"})
_OWN: Final = re.compile(r"text|tokens|spans|relations|meta|answer|_.*")
_META: Final = ("id", "date", "title")


def write_prodigy(documents: Sequence[Document], out: Path) -> Counter[str]:
    """Write JSONL that Prodigy reads; what is lost, counted."""
    write_lines((_record(document) for document in documents), out)
    return lost_values(documents, keeps=["date", "title", "events", "other keys"])


def read_prodigy(path: Path) -> Iterator[Document]:
    """The accepted documents of a file.

    Raises:
        InputError: the file cannot be opened, is empty, or none of its examples was accepted.
        DocumentError: a line is broken; file and line are named.
    """
    accepted = False
    for document in read_lines(path, _document):
        if document.extra.get("answer") not in _SKIPPED:
            accepted = True
            yield document
    if not accepted:
        raise InputError(f"{path}: every example was rejected or ignored")


def _record(document: Document) -> dict[str, Any]:
    cut = tokens_of(document)
    at_start = {start: number for number, (start, _) in enumerate(cut)}
    at_end = {end: number for number, (_, end) in enumerate(cut)}
    tokens = [
        {
            "text": document.text[start:end],
            "start": start,
            "end": end,
            "id": number,
            "ws": document.text[end : end + 1] == " ",
        }
        for number, (start, end) in enumerate(cut)
    ]
    spans = {
        span.id: {
            "start": span.start,
            "end": span.end,
            "token_start": at_start[span.start],
            "token_end": at_end[span.end],
            "label": span.label,
        }
        for span in sorted(document.spans, key=lambda span: span.start)
    }
    relations = [
        {
            "head": spans[r.start]["token_end"],
            "child": spans[r.end]["token_end"],
            "head_span": spans[r.start],
            "child_span": spans[r.end],
            "label": r.label,
        }
        for r in relations_of(document)
    ]
    meta = {**_meta(document.extra), "id": document.id, "date": document.date, "title": document.title}
    others = {key: value for key, value in document.extra.items() if key != "meta"}
    record = {"text": document.text, "tokens": tokens, "spans": list(spans.values()), "relations": relations}
    return {**others, **record, "meta": meta}


def _document(record: Mapping[str, Any]) -> Document:
    spans: list[dict[str, Any]] = [
        {"id": f"T{number}", "start": item.get("start"), "end": item.get("end"), "label": item.get("label")}
        for number, item in enumerate(_objects(record, "spans"), 1)
    ]
    names = {(span["start"], span["end"]): span["id"] for span in spans}
    relations = [
        Relation(_end(item, "head_span", names), _end(item, "child_span", names), str(item.get("label")))
        for item in _objects(record, "relations")
    ]
    ordered = sorted(spans, key=lambda span: span["start"] if isinstance(span["start"], int) else 0)
    events = event_records({span["id"]: span["label"] for span in ordered}, relations)
    meta = _meta(record)
    others = {key: value for key, value in record.items() if not _OWN.fullmatch(key)}
    rest = {key: value for key, value in meta.items() if key not in _META}
    others |= {"meta": rest} if rest else {}
    others |= {"answer": record["answer"]} if record.get("answer") in _SKIPPED else {}
    named = {key: meta[key] for key in _META if meta.get(key) is not None}
    raw = {**others, **named, "text": record.get("text"), "spans": ordered, "events": events}
    return parse_record(raw, id_from_text=True)


def _end(item: Mapping[str, Any], key: str, names: Mapping[Any, str]) -> str:
    span = item.get(key)
    if not isinstance(span, Mapping):
        raise ValueError(f"a relation lacks {key!r}; annotate relations between spans, not between tokens")
    name = names.get((span.get("start"), span.get("end")))
    if name is None:
        raise ValueError(f"a relation names a span at {span.get('start')} that is not among the spans")
    return name


def _objects(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = record.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ValueError(f"key {key!r} must be a list of objects")
    return value


def _meta(record: Mapping[str, Any]) -> dict[str, Any]:
    meta = record.get("meta")
    return dict(meta) if isinstance(meta, Mapping) else {}
