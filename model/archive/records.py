"""Documents and flat rows from and to the records of an archive's tables (columns in `schema`).

Typed columns hold what fits them. What does not (keys nobody foresaw, a number beyond 64 bits) stands as JSON in the
column `extra` beside them, so that a document comes back as it was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from warwire.annotations.document import Argument, Document, Event, Span
from warwire.model.archive.schema import (
    DOCUMENT_FIELDS,
    ORIGIN_FIELDS,
    VALUE_FIELDS,
    Column,
    Kind,
    fits,
)

SURROGATES_KEY: Final = "surrogates_replaced"
"""Key of `Document.extra` that counts the lone surrogates that writing replaced."""

_PARSE: Final[dict[Kind, Callable[[str], Any]]] = {"string": str, "int64": int, "double": float}
_SEPARATOR: Final = "; "


def document_record(document: Document) -> dict[str, Any]:
    """The row of a document in the table of documents.

    Raises:
        UnicodeEncodeError: a lone surrogate among the JSON; see `repaired`.
    """
    extra = dict(document.extra)
    columns = {name: extra.pop(name) if _has(extra, name, kind) else None for name, kind in DOCUMENT_FIELDS.items()}
    origin = extra.get("origin")
    known = isinstance(origin, Mapping) and _all_fit(origin, ORIGIN_FIELDS)
    place = extra.pop("origin") if known else {}
    return {
        "id": document.id,
        "date": document.date,
        "title": document.title,
        "text": document.text,
        **columns,
        **{f"origin_{name}": place.get(name) for name in ORIGIN_FIELDS},
        "spans": [_span_record(span) for span in document.spans],
        "events": [_event_record(event) for event in document.events],
        "extra": _json(extra),
    }


def document_of(record: Mapping[str, Any]) -> Document:
    """The document of a row: `document_of(document_record(d)) == d`."""
    extra = {name: record[name] for name in DOCUMENT_FIELDS if record[name] is not None}
    origin = {name: record[f"origin_{name}"] for name in ORIGIN_FIELDS}
    if any(value is not None for value in origin.values()):
        extra["origin"] = origin
    return Document(
        record["id"],
        record["text"],
        record["date"],
        record["title"],
        tuple(
            Span(s["id"], s["start"], s["end"], s["label"], s["score"], _mapping(s["extra"])) for s in record["spans"]
        ),
        tuple(map(_event_of, record["events"])),
        extra | _mapping(record["extra"]),
    )


def typed_row(row: Mapping[str, str], columns: Iterable[Column]) -> dict[str, Any]:
    """A row of strings with types: null where it is empty, and for a number that is none or that has no room."""
    typed: dict[str, Any] = {}
    for column in columns:
        cell = row[column.name]
        if column.kind == "string":
            typed[column.name] = cell or None
            continue
        numbers = [_number(part, column.kind) for part in cell.split(_SEPARATOR)] if cell else [None]
        typed[column.name] = numbers[0]
        if column.several:
            typed[column.all_name] = numbers if len(numbers) > 1 else None
    return typed


def string_row(typed: Mapping[str, Any], columns: Iterable[Column]) -> dict[str, str]:
    """The row of strings that `typed_row` was given."""
    row = {}
    for column in columns:
        several = typed[column.all_name] if column.several else None
        values = [typed[column.name]] if several is None else several
        row[column.name] = _SEPARATOR.join("" if value is None else str(value) for value in values)
    return row


def repaired(document: Document) -> Document:
    """The document with every lone surrogate replaced by U+FFFD, one for one, so that offsets stay.

    They are counted in `extra["surrogates_replaced"]`. No other character is touched.
    """
    record = [document.id, document.text, document.date, document.title, document.spans, document.events]
    found = sum(map(_surrogates, [*record, document.extra]))
    if not found:
        return document
    return replace(
        document,
        id=_replaced(document.id),
        text=_replaced(document.text),
        date=_replaced(document.date),
        title=_replaced(document.title),
        spans=_replaced(document.spans),
        events=_replaced(document.events),
        extra={**_replaced(document.extra), SURROGATES_KEY: found},
    )


def without_surrogates(text: str) -> str:
    """The string with every lone surrogate replaced by U+FFFD."""
    # Python's own "replace" puts one question mark for each when it encodes; U+FFFD says what happened.
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)


def _span_record(span: Span) -> dict[str, Any]:
    return {
        "id": span.id,
        "start": span.start,
        "end": span.end,
        "label": span.label,
        "score": span.score,
        "extra": _json(span.extra),
    }


def _event_record(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "trigger": event.trigger,
        "status": event.status,
        "score": event.score,
        "sentence": event.sentence,
        "channel": event.channel,
        "flags": event.flags,
        "arguments": [{"role": a.role, "span": a.span, "extra": _json(a.extra)} for a in event.arguments],
        "normalised": None if event.normalised is None else _values_record(event.normalised),
        "extra": _json(event.extra),
    }


def _values_record(normalised: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    record: dict[str, Any] = {
        role: [_value_record(value, VALUE_FIELDS[role]) for value in values]
        for role, values in normalised.items()
        if role in VALUE_FIELDS
    }
    record["extra"] = _json({role: values for role, values in normalised.items() if role not in VALUE_FIELDS})
    return record


def _value_record(value: Mapping[str, Any], fields: Mapping[str, Kind]) -> Mapping[str, Any]:
    if _all_fit(value, fields):
        return value
    fitting = {name: value[name] for name, kind in fields.items() if _has(value, name, kind)}
    return {**fitting, "extra": msgspec.json.encode(value).decode()}


def _event_of(record: Mapping[str, Any]) -> Event:
    return Event(
        record["id"],
        record["type"],
        record["trigger"],
        tuple(Argument(a["role"], a["span"], _mapping(a["extra"])) for a in record["arguments"]),
        record["status"],
        record["score"],
        record["sentence"],
        record["channel"],
        tuple(record["flags"]),
        None if record["normalised"] is None else _values_of(record["normalised"]),
        _mapping(record["extra"]),
    )


def _values_of(record: Mapping[str, Any]) -> dict[str, tuple[Mapping[str, Any], ...]]:
    known = {role: tuple(map(_value_of, record[role])) for role in VALUE_FIELDS if record.get(role) is not None}
    return known | {role: tuple(values) for role, values in _mapping(record["extra"]).items()}


def _value_of(record: Mapping[str, Any]) -> Mapping[str, Any]:
    if record.get("extra") is not None:
        return _mapping(record["extra"])
    return {name: value for name, value in record.items() if name != "extra"}


def _has(values: Mapping[str, Any], name: str, kind: Kind) -> bool:
    return values.get(name) is not None and fits(values[name], kind)


def _all_fit(values: Mapping[str, Any], fields: Mapping[str, Kind]) -> bool:
    return values.keys() == fields.keys() and all(fits(values[name], kind) for name, kind in fields.items())


def _json(extra: Mapping[str, Any]) -> str | None:
    return msgspec.json.encode(extra).decode() if extra else None


def _mapping(text: str | None) -> dict[str, Any]:
    return {} if text is None else msgspec.json.decode(text, type=dict[str, Any])


def _number(cell: str, kind: Kind) -> int | float | None:
    try:
        number: int | float = _PARSE[kind](cell)
    except ValueError:
        return None
    return number if fits(number, kind) else None


def _surrogates(value: Any) -> int:
    if isinstance(value, str):
        return 0 if value.isascii() else sum("\ud800" <= character <= "\udfff" for character in value)
    return sum(map(_surrogates, _parts(value)))


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, Span | Argument | Event):
        return [getattr(value, name) for name in value.__dataclass_fields__]
    return ()


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, Mapping):
        return {_replaced(key): _replaced(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_replaced, value))
    if isinstance(value, Span | Argument | Event):
        return replace(value, **{name: _replaced(getattr(value, name)) for name in value.__dataclass_fields__})
    return value
