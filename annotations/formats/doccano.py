"""doccano: JSONL of its sequence-labelling projects with relations (https://doccano.github.io/doccano).

A line holds `text`, `entities` (id, label, start_offset, end_offset) and `relations` (from_id, to_id, type); `label` or
`labels` of [start, end, label] triples is read too. Events are relations between entities (see `relations`). doccano
numbers examples itself, so that our id is in `doc_id`; it keeps further keys as an example's metadata. Offsets count
code points: the project's option "Count grapheme clusters as one character" must be off.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.formats.lines import objects_of, read_lines, write_lines
from warwire.annotations.formats.losses import Reading
from warwire.annotations.formats.relations import Relation, event_records, relations_of
from warwire.annotations.record import parse_record

_OWN: Final = frozenset({"id", "doc_id", "text", "entities", "relations", "label", "labels", "Comments"})
_NUMBERED: Final = "T"


def write_doccano(documents: Sequence[Document], out: Path) -> None:
    """Write JSONL that doccano imports; keys of a document that doccano uses itself are left out."""
    write_lines((_record(document) for document in documents), out)


def read_doccano(path: Path) -> Reading:
    """The documents of an export; comments are left out.

    Raises:
        InputError: the file cannot be opened or is empty.
        DocumentError: a line is broken; file and line are named.
    """
    found = list(read_lines(path, _document))
    return Reading(tuple(document for document, _ in found), Counter({"comments": sum(number for _, number in found)}))


def _record(document: Document) -> dict[str, Any]:
    numbers = {span.id: number for number, span in enumerate(document.spans, 1)}
    entities = [
        {"id": numbers[span.id], "label": span.label, "start_offset": span.start, "end_offset": span.end}
        for span in document.spans
    ]
    relations = [
        {"id": number, "from_id": numbers[r.start], "to_id": numbers[r.end], "type": r.label}
        for number, r in enumerate(relations_of(document), 1)
    ]
    others = {key: value for key, value in document.extra.items() if key not in _OWN}
    known = {"doc_id": document.id, "date": document.date, "title": document.title}
    return {**others, **known, "text": document.text, "entities": entities, "relations": relations}


def _document(record: Mapping[str, Any]) -> tuple[Document, int]:
    spans = [_entity(item) for item in objects_of(record, "entities")]
    # Beside entities a plain number could be the number of one of them.
    prefix = "L" if spans else ""
    for key in ("label", "labels"):
        numbered = enumerate(_list(record, key), len(spans) + 1)
        spans += [_triple(item, key, _name(f"{prefix}{number}")) for number, item in numbered]
    relations = [
        Relation(_name(item.get("from_id")), _name(item.get("to_id")), str(item.get("type")))
        for item in objects_of(record, "relations")
    ]
    name = record.get("doc_id", record.get("id"))
    others = {key: value for key, value in record.items() if key not in _OWN}
    named = {"id": str(name)} if name is not None else {}
    raw = {**others, **named, "text": record.get("text"), "spans": spans, "events": event_records(spans, relations)}
    return parse_record(raw, id_from_text=True), len(_list(record, "Comments"))


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    if value is not None and not isinstance(value, list):
        raise ValueError(f"key {key!r} must be a list")
    return value or []


def _name(number: object) -> str:
    return f"{_NUMBERED}{number}"


def _entity(item: Mapping[str, Any]) -> dict[str, Any]:
    offsets = {"start": item.get("start_offset"), "end": item.get("end_offset")}
    return {"id": _name(item.get("id")), "label": item.get("label"), **offsets}


def _triple(item: Any, key: str, name: str) -> dict[str, Any]:
    if not isinstance(item, list) or len(item) != 3:
        raise ValueError(f"an item of {key!r} must be [start, end, label]; export a sequence-labelling project")
    return {"id": name, "start": item[0], "end": item[1], "label": item[2]}
