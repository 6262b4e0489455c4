r"""The inline form in which articles are written and annotated by hand.

    # id: made-up-1
    # date: 2024-03-02
    The [army|SPEAKER:s1] said that [rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1].
    ---
    e1: speaker=s1 agent=a1 count=c1 weapon=w1

Header lines `# key: value` give id, date, title and source; any other key goes into the document's `meta`.
The body is the text with `[surface|LABEL:id]` for each span; every other bracket stands for itself.
Below the line `---` each line is one event, named after its trigger's id; a second event of the same trigger has
a name of its own and `trigger=ID`. `status=` is left out where the event is asserted.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, Problem
from warwire.annotations.jsonl import decode_utf8, open_binary
from warwire.annotations.record import parse_record

SUFFIX: Final = ".ann.txt"
_SPAN: Final = re.compile(r"\[([^\[\]|]+)\|([A-Z]+):([A-Za-z]\w*)\]")
_HEADER: Final = re.compile(r"#\s*([a-z_]+):\s*(.*)")
_EVENT: Final = re.compile(r"([A-Za-z]\w*):\s*(.*)")
_TOP_LEVEL: Final = frozenset({"id", "date", "title", "source"})


def read_inline(path: Path) -> Document:
    """The document of one inline file.

    Raises:
        DocumentError: naming the file, the line where there is one, and the span.
    """
    with open_binary(path) as file:
        data = file.read()
    try:
        return parse_inline(decode_utf8(data).replace("\r\n", "\n"))
    except DocumentError as error:
        raise DocumentError(tuple(problem.at(str(path), problem.line) for problem in error.problems)) from None


def parse_inline(source: str) -> Document:
    """The document of an inline source text."""
    lines = source.split("\n")
    header = _parse_header(lines)
    cut = next((i for i in range(len(lines) - 1, -1, -1) if lines[i].strip() == "---"), None)
    if cut is None:
        raise DocumentError((Problem("the line '---' between the text and its events is missing"),))
    text, spans = _parse_body("\n".join(lines[len(header) : cut]).strip("\n"))
    labels = {span["id"]: span["label"] for span in spans}
    events, problems = _parse_events(lines[cut + 1 :], cut + 2, labels)
    problems += [Problem(f"span is left open: {text[m.start() : m.start() + 40]!r}") for m in _left_open(text)]
    if problems:
        raise DocumentError(tuple(problems))
    meta = {key: value for key, value in header if key not in _TOP_LEVEL}
    record: dict[str, Any] = {"title": None, **{key: value for key, value in header if key in _TOP_LEVEL}}
    record |= {"date": record.get("date") or None, "text": text, "spans": spans, "events": events}
    if meta:
        record["meta"] = meta
    return parse_record(record)


def write_inline(document: Document) -> str:
    """The inline source of a document; `parse_inline` gives the document back."""
    header = {"id": document.id, "date": document.date, "title": document.title}
    header |= {"source": document.extra.get("source"), **document.extra.get("meta", {})}
    parts, position = [], 0
    for span in sorted(document.spans, key=lambda s: s.start):
        parts.append(document.text[position : span.start])
        parts.append(f"[{span.surface(document.text)}|{span.label}:{span.id}]")
        position = span.end
    parts.append(document.text[position:])
    lines = [f"# {key}: {value}" for key, value in header.items() if value is not None]
    return "\n".join([*lines, "".join(parts), "---", *_event_lines(document), ""])


def _event_lines(document: Document) -> Iterable[str]:
    for event in document.events:
        words = [f"trigger={event.trigger}"] if event.trigger != event.id else []
        roles = dict.fromkeys(argument.role for argument in event.arguments)
        words += [f"{role}={','.join(event.fillers(role))}" for role in roles]
        words += [f"status={event.status}"] if event.status != "asserted" else []
        yield f"{event.id}: {' '.join(words)}".rstrip()


def _parse_header(lines: list[str]) -> list[tuple[str, str]]:
    header = []
    for line in lines:
        match = _HEADER.fullmatch(line.rstrip())
        if match is None:
            break
        header.append((match[1], match[2]))
    return header


def _parse_body(body: str) -> tuple[str, list[dict[str, Any]]]:
    parts: list[str] = []
    spans: list[dict[str, Any]] = []
    length = position = 0
    for match in _SPAN.finditer(body):
        between = body[position : match.start()]
        start = length + len(between)
        length = start + len(match[1])
        parts += [between, match[1]]
        spans.append({"id": match[3], "start": start, "end": length, "label": match[2]})
        position = match.end()
    return "".join([*parts, body[position:]]), spans


def _left_open(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"\|\w+:\w", text))


def _parse_events(lines: list[str], first: int, labels: dict[str, str]) -> tuple[list[dict[str, Any]], list[Problem]]:
    events: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        match = _EVENT.fullmatch(line.strip())
        if match is None:
            problems.append(Problem(f"{line.strip()!r} is no event line like 'e1: agent=a1'", line=number))
            continue
        pairs = [word.partition("=") for word in match[2].split()]
        fields = {key: value for key, _, value in pairs if key in {"trigger", "status"}}
        trigger = fields.get("trigger", match[1])
        arguments = [
            {"role": role, "span": span}
            for role, _, value in pairs
            if role not in {"trigger", "status"}
            for span in value.split(",")
        ]
        if trigger not in labels:
            problems.append(Problem(f"event {match[1]}: no span has its trigger's id", span=trigger, line=number))
            continue
        event = {"id": match[1], "type": labels[trigger], "trigger": trigger, "arguments": arguments}
        events.append({**event, "status": fields.get("status", "asserted")})
    return events, problems
