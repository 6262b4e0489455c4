"""Label Studio: a JSON list of tasks with `data` and `annotations[].result` (https://labelstud.io/guide/export).

Spans are regions of type `labels`, with our span ids; events are relations between regions (see `relations`). Label
Studio keeps one relation for two regions, so that the roles that one span fills are several labels of one relation. It
also keeps only those labels that the project's labelling interface names: `labelling_interface` makes that. Offsets
count code points; an export of an old version, in UTF-16 units, is told by its regions' texts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.formats.lines import decode_json
from warwire.annotations.formats.losses import Reading
from warwire.annotations.formats.relations import NO_EVENT, Relation, event_records, relations_of
from warwire.annotations.jsonl import open_binary
from warwire.annotations.labels import LABELS, ROLES, STATUSES
from warwire.annotations.record import parse_record

_FROM: Final = "label"
_TO: Final = "text"
_EXPORT: Final = "export the project as JSON (not JSON-MIN)"


def write_label_studio(documents: Sequence[Document], out: Path) -> None:
    """Write one JSON file that Label Studio imports."""
    out.write_bytes(msgspec.json.format(msgspec.json.encode([_task(document) for document in documents])) + b"\n")


def labelling_interface(documents: Iterable[Document]) -> str:
    """The XML to paste into the project's settings, under Labeling Interface, Code, before the tasks are imported."""
    used = [relation.label.rpartition(":")[2] for document in documents for relation in relations_of(document)]
    highest = max([2, *(int(number) for number in used if number.isdigit())])
    kinds = [*ROLES, *(f"status={status}" for status in STATUSES)]
    marks = ["", *(f":{number}" for number in range(2, highest + 1))]
    relations = [*(f"{kind}{mark}" for mark in marks for kind in kinds), NO_EVENT]
    lines = [
        "<View>",
        "  <Relations>",
        *(f'    <Relation value="{label}"/>' for label in relations),
        "  </Relations>",
        f'  <Labels name="{_FROM}" toName="{_TO}">',
        *(f'    <Label value="{label}"/>' for label in LABELS),
        "  </Labels>",
        f'  <Text name="{_TO}" value="$text"/>',
        "</View>",
    ]
    return "".join(f"{line}\n" for line in lines)


def read_label_studio(path: Path) -> Reading:
    """The documents of an export, one a task; of several annotations of a task the first that was not cancelled.

    Raises:
        InputError: the file is no JSON list of tasks.
        DocumentError: a task is broken; the message names its number.
    """
    with open_binary(path) as file:
        data = file.read()
    try:
        tasks = decode_json(data)
    except DocumentError as error:
        raise DocumentError(tuple(problem.at(str(path)) for problem in error.problems)) from None
    except ValueError as error:
        raise InputError(f"{path}: {error}; {_EXPORT}") from None
    if not isinstance(tasks, list) or not tasks:
        raise InputError(f"{path}: a JSON list of tasks is expected; {_EXPORT}")
    documents: list[Document] = []
    left_out = Counter[str]()
    for number, task in enumerate(tasks, 1):
        where = f"{path}, task {number}"
        try:
            documents.append(_document(task, left_out))
        except DocumentError as error:
            raise DocumentError(tuple(problem.at(where) for problem in error.problems)) from None
        except ValueError as error:
            raise DocumentError((Problem(str(error), path=where),)) from None
    return Reading(tuple(documents), left_out)


def _task(document: Document) -> dict[str, Any]:
    text = document.text
    shared = {"from_name": _FROM, "to_name": _TO}
    regions = [
        {
            "id": span.id,
            "type": "labels",
            **shared,
            "value": {"start": span.start, "end": span.end, "text": span.surface(text), "labels": [span.label]},
        }
        for span in document.spans
    ]
    labels: dict[tuple[str, str], list[str]] = {}
    for relation in relations_of(document):
        labels.setdefault((relation.start, relation.end), []).append(relation.label)
    relations = [
        {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": found}
        for (start, end), found in labels.items()
    ]
    known = {"id": document.id, "date": document.date, "title": document.title}
    data = {**document.extra, **known, "text": text}
    return {"data": data, "annotations": [{"result": [*regions, *relations]}]}


def _document(task: Any, left_out: Counter[str]) -> Document:
    if not isinstance(task, Mapping) or not isinstance(task.get("data"), Mapping):
        raise ValueError(f"an object with 'data' is expected; {_EXPORT}")
    data = task["data"]
    spans: list[dict[str, Any]] = []
    relations: list[Relation] = []
    for item in _result(task, left_out):
        if item.get("type") == "labels":
            spans.append(_span(item, data.get("text")))
        elif item.get("type") == "relation":
            relations += _relations(item)
        else:
            left_out["results that are no label or relation"] += 1
    name = data.get("id", task.get("id"))
    named = {} if name is None else {"id": str(name)}
    raw = {**data, **named, "spans": spans, "events": event_records(spans, relations)}
    return parse_record(raw, id_from_text=name is None)


def _result(task: Mapping[str, Any], left_out: Counter[str]) -> list[Mapping[str, Any]]:
    annotations = _objects(task, "annotations")
    kept = [item for item in annotations if not item.get("was_cancelled")]
    left_out["cancelled annotations"] += len(annotations) - len(kept)
    left_out["further annotators' annotations"] += max(len(kept) - 1, 0)
    left_out["predictions"] += len(_objects(task, "predictions"))
    return _objects(kept[0], "result") if kept else []


def _objects(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = record.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ValueError(f"{key!r} must be a list of objects; {_EXPORT}")
    return value


def _relations(item: Mapping[str, Any]) -> list[Relation]:
    start, end, labels = str(item.get("from_id")), str(item.get("to_id")), item.get("labels")
    if not isinstance(labels, list) or not labels:
        what = f"the relation from {start!r} to {end!r} has no label"
        raise ValueError(f"{what}; name a role, with the labelling interface that `annotate convert` writes")
    if item.get("direction") == "left":
        start, end = end, start
    return [Relation(start, end, str(label)) for label in labels]


def _span(item: Mapping[str, Any], text: object) -> dict[str, Any]:
    value = item.get("value")
    labels = value.get("labels") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(labels, list) or len(labels) != 1:
        raise ValueError(f"region {item.get('id')!r} must have a 'value' with one label; label it once")
    start, end = value.get("start"), value.get("end")
    if isinstance(start, int) and isinstance(end, int) and isinstance(text, str) and isinstance(value.get("text"), str):
        start, end = _code_points(start, end, value["text"], text, item.get("id"))
    return {"id": str(item.get("id")), "start": start, "end": end, "label": labels[0]}


def _code_points(start: int, end: int, surface: str, text: str, name: object) -> tuple[int, int]:
    if not 0 <= start < end or _shown(text[start:end]) == _shown(surface):
        return start, end
    units = text.encode("utf-16-le")
    before, inside = units[: 2 * start].decode("utf-16-le", "replace"), units[2 * start : 2 * end]
    found = inside.decode("utf-16-le", "replace")
    if _shown(found) == _shown(surface):
        return len(before), len(before) + len(found)
    if end > len(text):
        return start, end
    what = f"region {name!r} is {surface!r}, but its offsets hold {text[start:end]!r}"
    raise ValueError(f"{what}; the text was changed after labelling: label this region again")


def _shown(surface: str) -> str:
    # Label Studio writes line breaks inside a region as backslash and n, or as other white space.
    return " ".join(surface.replace("\\n", "\n").split())
