"""Events as flat rows for spreadsheets and pandas: one row an event, several values of a role joined by `; `."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from warwire.annotations.document import Document, Event

_LIST_FIELDS: Final = {
    "agent": ("text", "side"),
    "target": ("text", "side"),
    "weapon": ("text", "class", "model"),
    "count": ("text", "min", "max", "bound", "of", "part_of", "earlier_min", "earlier_max"),
    "place": ("text", "name", "country", "lat", "lon", "geonames_id", "precision"),
    "origin": ("text", "name", "country", "lat", "lon", "geonames_id", "precision"),
    "time": ("text", "start", "end", "precision"),
    "speaker": ("text", "kind", "side"),
}

COLUMNS: Final = (
    *("document", "date", "title", "event", "type", "status", "trigger"),
    *(role if field == "text" else f"{role}_{field}" for role, fields in _LIST_FIELDS.items() for field in fields),
    *("channel", "score", "flags", "sentence"),
)
"""Column names, in order."""

_ROLE_FIELDS: Final = {
    role: tuple((role if field == "text" else f"{role}_{field}", field) for field in fields)
    for role, fields in _LIST_FIELDS.items()
}
_NO_VALUES: Final = {name: "" for fields in _ROLE_FIELDS.values() for name, _ in fields}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def rows_of(document: Document) -> Iterator[dict[str, str]]:
    """The rows of a document's events; every column is there, empty where nothing is known."""
    spans = document.span_by_id()
    for event in document.events:
        yield {
            "document": document.id,
            "date": document.date or "",
            "title": document.title or "",
            "event": event.id,
            "type": event.type,
            "status": event.status,
            "trigger": spans[event.trigger].surface(document.text),
            **_role_columns(event),
            "channel": event.channel or "",
            "score": "" if event.score is None else str(event.score),
            "flags": "; ".join(event.flags),
            "sentence": event.sentence or "",
        }


def csv_lines(documents: Iterable[Document]) -> Iterator[str]:
    """The rows of a stream of documents as CSV: the header, then the lines of one document at a time."""
    yield csv_line(COLUMNS)
    for document in documents:
        yield "".join(csv_line(row[column] for column in COLUMNS) for row in rows_of(document))


def csv_line(cells: Iterable[str]) -> str:
    """One line of CSV; cells that a spreadsheet would run as a formula begin with an apostrophe."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(map(_harmless, cells))
    return buffer.getvalue()


def _role_columns(event: Event) -> dict[str, str]:
    values: Mapping[str, Any] = event.normalised or {}
    columns = _NO_VALUES.copy()  # most roles of an event are empty
    for role, told in values.items():
        if len(told) == 1:
            get = told[0].get
            for name, field in _ROLE_FIELDS.get(role, ()):
                columns[name] = "" if (value := get(field)) is None else str(value)
        elif told:
            for name, field in _ROLE_FIELDS.get(role, ()):
                columns[name] = _join([value.get(field) for value in told])
    return columns


def _join(values: Iterable[Any]) -> str:
    present = ["" if value is None else str(value) for value in values]
    return "; ".join(present) if any(present) else ""


def _harmless(cell: str) -> str:
    if cell.startswith(_FORMULA) and not _is_number(cell):
        return "'" + cell
    return cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
