"""Prodigy: JSONL of its `rel.manual` and `spans.manual` interfaces (https://prodi.gy/docs/api-interfaces#relations).

A line holds `text`, `tokens`, `spans` (with offsets and token numbers), `relations` (head, child, label, and the spans
of both) and `meta` with our id, date, title and meta. Tokens are words and punctuation marks, cut again where a span
ends inside one, so that no span is lost; as Prodigy wants it, tokens with their `ws` give the text back. Events are
relations between spans (see `relations`). Rejected and ignored examples are left out on reading.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.formats.lines import objects_of, read_lines, write_lines
from warwire.annotations.formats.losses import Reading
from warwire.annotations.formats.relations import Relation, event_records, relations_of
from warwire.annotations.formats.tokens import tokens_of
from warwire.annotations.record import parse_record

_SKIPPED: Final = frozenset({"reject", "ignore"})
_OWN: Final = re.compile(r"id|text|tokens|spans|relations|meta|answer|events|_.*", re.DOTALL)
_META: Final = ("id", "date", "title")


def write_prodigy(documents: Sequence[Document], out: Path) -> None:
    """Write JSONL that Prodigy reads; keys of a document that Prodigy uses itself are left out."""
    write_lines((_record(document) for document in documents), out)


def read_prodigy(path: Path) -> Reading:
    """The accepted documents of a file.

    Raises:
        InputError: the file cannot be opened, is empty, or none of its examples was accepted.
        DocumentError: a line is broken; file and line are named.
    """
    found = list(read_lines(path, _document))
    documents = tuple(document for document in found if document is not None)
    if not documents:
        raise InputError(f"{path}: every example was rejected or ignored; accept one at least")
    return Reading(documents, Counter({"rejected or ignored examples": len(found) - len(documents)}))


def _record(document: Document) -> dict[str, Any]:
    tokens = _tokens(document)
    at_start = {token["start"]: token["id"] for token in tokens}
    at_end = {token["end"]: token["id"] for token in tokens}
    spans = {
        span.id: {
            "start": span.start,
            "end": span.end,
            "token_start": at_start[span.start],
            "token_end": at_end[span.end],
            "label": span.label,
        }
        for span in document.spans
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
    others = {key: value for key, value in document.extra.items() if not _OWN.fullmatch(key)}
    record = {"text": document.text, "tokens": tokens, "spans": list(spans.values()), "relations": relations}
    return {**others, **record, "meta": meta}


def _tokens(document: Document) -> list[dict[str, Any]]:
    text = document.text
    tokens: list[dict[str, Any]] = []
    position = 0
    for start, end in [*tokens_of(document), (len(text), len(text))]:
        if tokens and text[position:start].startswith(" "):
            tokens[-1]["ws"] = True
            position += 1
        for first, last in ((position, start), (start, end)):
            if first < last:
                token = {"text": text[first:last], "start": first, "end": last, "id": len(tokens), "ws": False}
                tokens.append(token)
        position = end
    return tokens


def _document(record: Mapping[str, Any]) -> Document | None:
    if record.get("answer") in _SKIPPED:
        return None
    spans: list[dict[str, Any]] = [
        {"id": f"T{number}", "start": item.get("start"), "end": item.get("end"), "label": item.get("label")}
        for number, item in enumerate(objects_of(record, "spans"), 1)
    ]
    names = {str((span["start"], span["end"])): span["id"] for span in spans}
    relations = [
        Relation(_end(item, "head_span", names), _end(item, "child_span", names), str(item.get("label")))
        for item in objects_of(record, "relations")
    ]
    events = event_records(spans, relations)
    meta = _meta(record)
    others = {key: value for key, value in record.items() if not _OWN.fullmatch(key) and key not in _META}
    rest = {key: value for key, value in meta.items() if key not in _META}
    others |= {"meta": rest} if rest else {}
    named = {key: meta[key] for key in _META if meta.get(key) is not None}
    named |= {"id": str(named["id"])} if "id" in named else {}
    raw = {**others, **named, "text": record.get("text"), "spans": spans, "events": events}
    return parse_record(raw, id_from_text=True)


def _end(item: Mapping[str, Any], key: str, names: Mapping[str, str]) -> str:
    span = item.get(key)
    if not isinstance(span, Mapping):
        raise ValueError(f"a relation lacks {key!r}; annotate relations between spans, not between tokens")
    name = names.get(str((span.get("start"), span.get("end"))))
    if name is None:
        what = f"a relation names a span from {span.get('start')} to {span.get('end')} that is not among the spans"
        raise ValueError(f"{what}; label it, or delete the relation")
    return name


def _meta(record: Mapping[str, Any]) -> dict[str, Any]:
    meta = record.get("meta")
    return dict(meta) if isinstance(meta, Mapping) else {}
