"""Documents from and to plain JSON objects, in the form of the guide's section 4.

Parsing names every violated rule of the format, not only the first; keys that the format does not know are kept.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from warwire.annotations.document import Argument, Document, Event, Span
from warwire.annotations.errors import DocumentError, Problem
from warwire.annotations.labels import EVENT_TYPES, LABELS, ROLE_FILLERS, STATUSES

_DOCUMENT_KEYS: Final = frozenset({"id", "text", "date", "title", "spans", "events"})
_SPAN_KEYS: Final = frozenset({"id", "start", "end", "label", "score"})
_EVENT_KEYS: Final = frozenset(
    {"id", "type", "trigger", "arguments", "status", "score", "sentence", "channel", "flags", "normalised"}
)
_ARGUMENT_KEYS: Final = frozenset({"role", "span"})


def parse_record(raw: object, *, id_from_text: bool = False) -> Document:
    """A document from a decoded JSON object.

    Args:
        raw: what a JSON decoder returned for one line.
        id_from_text: make an id from the text's hash when the record has none, instead of refusing it.

    Raises:
        DocumentError: with every violation of the format.
    """
    if not isinstance(raw, Mapping):
        raise DocumentError((Problem(f"a JSON object is expected, not {_json_type(raw)}"),))
    text, name, problems = _text_and_id(raw, id_from_text)
    if problems:
        raise DocumentError(tuple(problems))
    problems += _check_date_and_title(raw)
    spans = _parse_spans(raw.get("spans"), text, problems)
    events = _parse_events(raw.get("events"), {span.id: span for span in spans}, problems)
    problems += _overlaps(spans)
    if problems:
        raise DocumentError(tuple(Problem(p.message, p.kind, name, p.span) for p in problems))
    return Document(name, text, raw.get("date"), raw.get("title"), spans, events, _extra(raw, _DOCUMENT_KEYS))


def to_record(document: Document) -> dict[str, Any]:
    """The JSON object of a document; `parse_record` gives the document back."""
    return {
        "id": document.id,
        "date": document.date,
        "title": document.title,
        "text": document.text,
        **document.extra,
        "spans": [_span_record(span) for span in document.spans],
        "events": [_event_record(event) for event in document.events],
    }


def text_id(text: str) -> str:
    """An id made from the text: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _text_and_id(raw: Mapping[str, Any], id_from_text: bool) -> tuple[str, str, list[Problem]]:
    problems = []
    text, name = raw.get("text"), raw.get("id")
    shown = name if isinstance(name, str) and name else None
    if not isinstance(text, str):
        what = "is missing" if "text" not in raw else f"must be a string, not {_json_type(text)}"
        problems.append(Problem(f"key 'text' {what}", document=shown))
        text = ""
    elif not text.strip():
        problems.append(Problem("the text is empty", document=shown))
    if name is None and id_from_text:
        name = text_id(text)
    elif not isinstance(name, str) or not name:
        problems.append(Problem("key 'id' must be a non-empty string"))
    return text, name if isinstance(name, str) else "", problems


def _check_date_and_title(raw: Mapping[str, Any]) -> list[Problem]:
    problems = []
    day, title = raw.get("date"), raw.get("title")
    if day is not None and not (isinstance(day, str) and is_iso_date(day)):
        problems.append(Problem(f"date {day!r} is neither null nor a day like 2024-03-02"))
    if title is not None and not isinstance(title, str):
        problems.append(Problem(f"title must be a string or null, not {_json_type(title)}"))
    return problems


def is_iso_date(value: str) -> bool:
    """Whether the string is a calendar day written YYYY-MM-DD."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _objects(raw: object, what: str, problems: list[Problem]) -> Iterable[Mapping[str, Any]]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        problems.append(Problem(f"key '{what}' must be a list, not {_json_type(raw)}"))
        return []
    for item in raw:
        if not isinstance(item, Mapping):
            problems.append(Problem(f"an item of '{what}' must be an object, not {_json_type(item)}"))
    return [item for item in raw if isinstance(item, Mapping)]


def _parse_spans(raw: object, text: str, problems: list[Problem]) -> tuple[Span, ...]:
    spans: dict[str, Span] = {}
    for item in _objects(raw, "spans", problems):
        name, start, end, label = (item.get(key) for key in ("id", "start", "end", "label"))
        if not isinstance(name, str) or not name:
            problems.append(Problem(f"a span's id must be a non-empty string, not {name!r}"))
            continue
        found = []
        if name in spans:
            found.append("two spans have this id")
        if not (_is_int(start) and _is_int(end)):
            found.append(f"start {start!r} and end {end!r} must be integers")
        elif not 0 <= start < end <= len(text):  # type: ignore[operator]
            found.append(f"start {start} and end {end} lie outside the text of {len(text)} code points or are empty")
        elif text[start].isspace() or text[end - 1].isspace():  # type: ignore[index, operator]
            found.append(f"{text[start:end]!r} starts or ends with white space")
        if label not in LABELS:
            found.append(f"unknown label {label!r}; the labels are {', '.join(LABELS)}")
        score = item.get("score")
        if score is not None and not (_is_number(score) and 0 <= score <= 1):
            found.append(f"score {score!r} is no number from 0 to 1")
        problems += [Problem(message, span=name) for message in found]
        if not found:
            spans[name] = Span(name, start, end, label, score, _extra(item, _SPAN_KEYS))  # type: ignore[arg-type]
    return tuple(spans.values())


def _overlaps(spans: tuple[Span, ...]) -> list[Problem]:
    problems = []
    last: Span | None = None
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if last is not None and last.overlaps(span):
            problems.append(Problem(f"overlaps span {last.id} ({last.start}-{last.end})", span=span.id))
        if last is None or span.end > last.end:
            last = span
    return problems


def _parse_events(raw: object, spans: Mapping[str, Span], problems: list[Problem]) -> tuple[Event, ...]:
    events: dict[str, Event] = {}
    for item in _objects(raw, "events", problems):
        name = item.get("id")
        if not isinstance(name, str) or not name:
            problems.append(Problem(f"an event's id must be a non-empty string, not {name!r}"))
            continue
        found = [f"event {name}: two events have this id"] if name in events else []
        trigger = _check_trigger(item, name, spans, found, problems)
        status = item.get("status", "asserted")
        if status not in STATUSES:
            found.append(f"event {name}: unknown status {status!r}; the statuses are {', '.join(STATUSES)}")
        before = len(problems)
        arguments = _parse_arguments(item.get("arguments"), name, spans, problems)
        problems += [Problem(message, span=trigger) for message in found]
        if not found and len(problems) == before and trigger is not None:
            events[name] = _build_event(item, name, trigger, status, arguments)
    return tuple(events.values())


def _build_event(
    item: Mapping[str, Any], name: str, trigger: str, status: str, arguments: tuple[Argument, ...]
) -> Event:
    normalised = item.get("normalised")
    return Event(
        name,
        item["type"],
        trigger,
        arguments,
        status,
        item.get("score"),
        item.get("sentence"),
        item.get("channel"),
        tuple(item.get("flags") or ()),
        {role: tuple(values) for role, values in normalised.items()} if isinstance(normalised, Mapping) else None,
        _extra(item, _EVENT_KEYS),
    )


def _check_trigger(
    item: Mapping[str, Any], name: str, spans: Mapping[str, Span], found: list[str], problems: list[Problem]
) -> str | None:
    kind, trigger = item.get("type"), item.get("trigger")
    if kind not in EVENT_TYPES:
        found.append(f"event {name}: unknown type {kind!r}; the types are {', '.join(EVENT_TYPES)}")
    if not isinstance(trigger, str):
        found.append(f"event {name}: trigger must be the id of a span, not {trigger!r}")
        return None
    if trigger not in spans:
        problems.append(Problem(f"event {name}: its trigger span does not exist", span=trigger))
    elif kind in EVENT_TYPES and spans[trigger].label != kind:
        found.append(f"event {name}: its type {kind} is not its trigger's label {spans[trigger].label}")
    return trigger


def _parse_arguments(
    raw: object, event: str, spans: Mapping[str, Span], problems: list[Problem]
) -> tuple[Argument, ...]:
    arguments: list[Argument] = []
    for item in _objects(raw, "arguments", problems):
        role, span = item.get("role"), item.get("span")
        if role not in ROLE_FILLERS:
            problems.append(Problem(f"event {event}: unknown role {role!r}; the roles are {', '.join(ROLE_FILLERS)}"))
        elif not isinstance(span, str) or span not in spans:
            shown = span if isinstance(span, str) else repr(span)
            problems.append(Problem(f"event {event}: the span of its argument {role} does not exist", span=shown))
        elif spans[span].label not in ROLE_FILLERS[role]:
            problems.append(Problem(f"event {event}: a {spans[span].label} cannot fill the role {role}", span=span))
        elif any(argument.role == role and argument.span == span for argument in arguments):
            problems.append(Problem(f"event {event}: fills the role {role} twice", span=span))
        else:
            arguments.append(Argument(role, span, _extra(item, _ARGUMENT_KEYS)))
    return tuple(arguments)


def _span_record(span: Span) -> dict[str, Any]:
    record: dict[str, Any] = {"id": span.id, "start": span.start, "end": span.end, "label": span.label}
    if span.score is not None:
        record["score"] = span.score
    return {**record, **span.extra}


def _event_record(event: Event) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": event.id,
        "type": event.type,
        "trigger": event.trigger,
        "status": event.status,
        "arguments": [{"role": a.role, "span": a.span, **a.extra} for a in event.arguments],
    }
    if event.normalised is not None:
        record |= {
            "score": event.score,
            "sentence": event.sentence,
            "channel": event.channel,
            "flags": list(event.flags),
            "normalised": {role: list(values) for role, values in event.normalised.items()},
        }
    return {**record, **event.extra}


def _extra(item: Mapping[str, Any], known: frozenset[str]) -> Mapping[str, Any]:
    return {key: value for key, value in item.items() if key not in known}


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _json_type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
