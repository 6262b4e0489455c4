"""Label Studio: a JSON list of tasks with `data` and `annotations[].result` (https://labelstud.io/guide/export).

Spans are regions of type `labels`, with our span ids; events are relations between regions (see `relations`). Offsets
count code points; old versions of Label Studio counted UTF-16 units, which shows where a region's text is not its own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.formats.losses import lost_values
from warwire.annotations.formats.relations import Relation, event_records, relations_of
from warwire.annotations.jsonl import decode_utf8, open_binary
from warwire.annotations.record import parse_record

_FROM: Final = "label"
_TO: Final = "text"


def write_label_studio(documents: Sequence[Document], out: Path) -> Counter[str]:
    """Write one JSON file that Label Studio imports; what is lost, counted."""
    part = out.with_name(out.name + ".part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode([_task(document) for document in documents])) + b"\n")
    part.replace(out)
    return lost_values(documents, keeps=["date", "title", "events", "other keys"])


def read_label_studio(path: Path) -> Iterator[Document]:
    """The documents of an export, one a task; of several annotations of a task the first that was not cancelled.

    Raises:
        InputError: the file is no JSON list of tasks.
        DocumentError: a task is broken; the message names its number.
    """
    with open_binary(path) as file:
        data = file.read()
    try:
        tasks = msgspec.json.decode(decode_utf8(data))
    except msgspec.DecodeError as error:
        raise InputError(f"{path}: no JSON: {error}; export the project as JSON") from None
    if not isinstance(tasks, list):
        raise InputError(f"{path}: a JSON list of tasks is expected; export the project as JSON (not JSON-MIN)")
    for number, task in enumerate(tasks, 1):
        try:
            yield _document(task)
        except DocumentError as error:
            where = f"{path}, task {number}"
            raise DocumentError(tuple(problem.at(where) for problem in error.problems)) from None


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
    relations = [
        {"type": "relation", "from_id": r.start, "to_id": r.end, "direction": "right", "labels": [r.label]}
        for r in relations_of(document)
    ]
    known = {"id": document.id, "date": document.date, "title": document.title}
    data = {**document.extra, **known, "text": text}
    return {"data": data, "annotations": [{"result": [*regions, *relations]}]}


def _document(task: Any) -> Document:
    data, result = _parts(task)
    spans: list[dict[str, Any]] = []
    relations: list[Relation] = []
    for item in result:
        if not isinstance(item, Mapping):
            raise _broken("an item of 'result' is no object")
        if item.get("type") == "labels":
            spans.append(_span(item, str(data.get("text"))))
        elif item.get("type") == "relation":
            for label in item.get("labels") or [""]:
                relations.append(Relation(str(item.get("from_id")), str(item.get("to_id")), str(label)))
    try:
        ordered = sorted(spans, key=lambda span: span["start"] if isinstance(span["start"], int) else 0)
        events = event_records({span["id"]: span["label"] for span in ordered}, relations)
    except ValueError as error:
        raise _broken(str(error)) from None
    return parse_record({**data, "spans": spans, "events": events}, id_from_text=True)


def _parts(task: Any) -> tuple[Mapping[str, Any], list[Any]]:
    if not isinstance(task, Mapping) or not isinstance(task.get("data"), Mapping):
        raise _broken("an object with 'data' is expected; export the project as JSON (not JSON-MIN)")
    annotations = task.get("annotations") or []
    if not isinstance(annotations, list) or not all(isinstance(item, Mapping) for item in annotations):
        raise _broken("'annotations' must be a list of objects")
    kept = [item for item in annotations if not item.get("was_cancelled")]
    result = kept[0].get("result", []) if kept else []
    if not isinstance(result, list):
        raise _broken("'result' must be a list")
    return task["data"], result


def _span(item: Mapping[str, Any], text: str) -> dict[str, Any]:
    value = item.get("value")
    if not isinstance(value, Mapping) or len(value.get("labels") or []) != 1:
        raise _broken(f"region {item.get('id')!r} needs a 'value' with one label")
    start, end, surface = value.get("start"), value.get("end"), value.get("text")
    if isinstance(start, int) and isinstance(end, int) and isinstance(surface, str):
        found = text[start:end]
        if _letters(found) != _letters(surface):
            what = f"region {item.get('id')!r} is {surface!r}, but its offsets hold {found!r}; they must be code points"
            raise _broken(what)
    return {"id": str(item.get("id")), "start": start, "end": end, "label": value["labels"][0]}


def _letters(surface: str) -> str:
    # Label Studio writes line breaks in its own way.
    return "".join(c for c in surface.replace("\\n", "\n") if c.isalnum())


def _broken(message: str) -> DocumentError:
    return DocumentError((Problem(message),))
