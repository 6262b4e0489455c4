"""doccano: JSONL of its sequence-labelling projects with relations (https://doccano.github.io/doccano).

A line holds `text`, `entities` (id, label, start_offset, end_offset) and `relations` (from_id, to_id, type); the older
`label` or `labels` of [start, end, label] triples is read too. Events are relations between entities (see `relations`).
doccano numbers examples itself, so that our id is in `doc_id`; it keeps further keys as an example's metadata.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.formats.lines import read_lines, write_lines
from warwire.annotations.formats.losses import lost_values
from warwire.annotations.formats.relations import Relation, event_records, relations_of
from warwire.annotations.record import parse_record

_OWN: Final = frozenset({"id", "doc_id", "text", "entities", "relations", "label", "labels", "Comments"})


def write_doccano(documents: Sequence[Document], out: Path) -> Counter[str]:
    """Write JSONL that doccano imports; what is lost, counted."""
    write_lines((_record(document) for document in documents), out)
    return lost_values(documents, keeps=["date", "title", "events", "other keys"])


def read_doccano(path: Path) -> Iterator[Document]:
    """The documents of an export.

    Raises:
        InputError: the file cannot be opened or is empty.
        DocumentError: a line is broken; file and line are named.
    """
    return read_lines(path, _document)


def _record(document: Document) -> dict[str, Any]:
    ordered = sorted(document.spans, key=lambda span: span.start)
    numbers = {span.id: number for number, span in enumerate(ordered, 1)}
    entities = [
        {"id": numbers[span.id], "label": span.label, "start_offset": span.start, "end_offset": span.end}
        for span in ordered
    ]
    relations = [
        {"id": number, "from_id": numbers[r.start], "to_id": numbers[r.end], "type": r.label}
        for number, r in enumerate(relations_of(document), 1)
    ]
    known = {"doc_id": document.id, "date": document.date, "title": document.title}
    return {**document.extra, **known, "text": document.text, "entities": entities, "relations": relations}


def _document(record: Mapping[str, Any]) -> Document:
    spans = [_entity(item) for item in _list(record, "entities")]
    for key in ("label", "labels"):
        spans += [_triple(item, len(spans) + number) for number, item in enumerate(_list(record, key), 1)]
    relations = [_relation(item) for item in _list(record, "relations")]
    ordered = sorted(spans, key=lambda span: span["start"] if isinstance(span["start"], int) else 0)
    events = event_records({span["id"]: span["label"] for span in ordered}, relations)
    name = record.get("doc_id", record.get("id"))
    others = {key: value for key, value in record.items() if key not in _OWN}
    named = {"id": str(name)} if name is not None else {}
    raw = {**others, **named, "text": record.get("text"), "spans": ordered, "events": events}
    return parse_record(raw, id_from_text=True)


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    value = record.get(key) or []
    if not isinstance(value, list):
        raise ValueError(f"key {key!r} must be a list")
    return value


def _entity(item: Any) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        raise ValueError("an item of 'entities' must be an object")
    offsets = {"start": item.get("start_offset"), "end": item.get("end_offset")}
    return {"id": f"T{item.get('id')}", "label": item.get("label"), **offsets}


def _triple(item: Any, number: int) -> dict[str, Any]:
    if not isinstance(item, list) or len(item) != 3:
        raise ValueError("an item of 'label' must be [start, end, label]")
    return {"id": f"T{number}", "start": item[0], "end": item[1], "label": item[2]}


def _relation(item: Any) -> Relation:
    if not isinstance(item, Mapping):
        raise ValueError("an item of 'relations' must be an object")
    return Relation(f"T{item.get('from_id')}", f"T{item.get('to_id')}", str(item.get("type")))
