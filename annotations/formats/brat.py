"""brat standoff: a folder with `NAME.txt` and `NAME.ann` for each document (https://brat.nlplab.org/standoff.html).

T lines are spans, in code points; a span over a line break is given in fragments, as brat wants it. E lines are events
with `role:T1`, and `role2:T2` for further fillers; A lines the status. A `#` line of type Warwire holds id, date, title
and further keys of the document as JSON, which brat keeps and does not show. `annotation.conf` is written beside them.
Ids like ours (T1, E1) are kept where a whole document has them, and else numbered anew.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from warwire.annotations.document import Document, Span
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.formats.folders import file_stem
from warwire.annotations.formats.losses import Reading
from warwire.annotations.jsonl import BYTE_ORDER_MARK, decode_utf8, open_binary
from warwire.annotations.labels import ARGUMENT_LABELS, EVENT_TYPES, ROLES, STATUSES
from warwire.annotations.record import parse_record

_NOTE: Final = "Warwire DOCUMENT"
_BREAKS: Final = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SPAN: Final = re.compile(r"(T[0-9]+)\t(\S+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)(?:\t(.*))?", re.DOTALL)
_EVENT: Final = re.compile(r"(E[0-9]+)\t(\S+):(T[0-9]+)((?: \S+:[TE][0-9]+)*)\s*")
_STATUS: Final = re.compile(r"[AM][0-9]+\tStatus (E[0-9]+) (\S+)\s*")
_OTHERS: Final = {
    "#": "notes",
    "R": "relations",
    "*": "relations",
    "N": "normalizations",
    "A": "attributes other than Status",
    "M": "attributes other than Status",
}
_OURS: Final = frozenset({"text", "spans", "events"})


def write_brat(documents: Sequence[Document], out: Path) -> None:
    """Write the folder."""
    out.mkdir()
    for document in documents:
        name = file_stem(document.id)
        (out / f"{name}.txt").write_bytes(document.text.encode())
        (out / f"{name}.ann").write_bytes("".join(f"{line}\n" for line in _lines(document)).encode())
    (out / "annotation.conf").write_bytes(_configuration().encode())


def _lines(document: Document) -> Iterator[str]:
    names = _names([span.id for span in document.spans], "T")
    for span in document.spans:
        fragments = list(_fragments(document.text, span))
        offsets = ";".join(f"{start} {end}" for start, end in fragments)
        shown = " ".join(document.text[start:end] for start, end in fragments)
        yield f"{names[span.id]}\t{span.label} {offsets}\t{shown}"
    events = _names([event.id for event in document.events], "E")
    for event in document.events:
        used: dict[str, int] = {}
        words = [f"{event.type}:{names[event.trigger]}"]
        for argument in event.arguments:
            used[argument.role] = number = used.get(argument.role, 0) + 1
            words.append(f"{argument.role}{number if number > 1 else ''}:{names[argument.span]}")
        yield f"{events[event.id]}\t{' '.join(words)}"
    told = [event for event in document.events if event.status != STATUSES[0]]
    for number, event in enumerate(told, 1):
        yield f"A{number}\tStatus {events[event.id]} {event.status}"
    about = {"id": document.id, "date": document.date, "title": document.title, **document.extra}
    # Escaped to ASCII, since brat takes more characters for line ends than the line feed.
    yield f"#1\t{_NOTE}\t{json.dumps(about)}"


def _names(ids: Sequence[str], letter: str) -> dict[str, str]:
    if all(re.fullmatch(rf"{letter}[1-9][0-9]*", name) for name in ids):
        return {name: name for name in ids}
    return {name: f"{letter}{number}" for number, name in enumerate(ids, 1)}


def _fragments(text: str, span: Span) -> Iterator[tuple[int, int]]:
    for match in _BREAKS.finditer(text, span.start, span.end):
        yield match.span()


def _configuration() -> str:
    roles = ", ".join(f"{role}*:<ENTITY>" for role in ROLES)
    lines = [
        "[entities]",
        *ARGUMENT_LABELS,
        "[relations]",
        "[events]",
        *(f"{kind} {roles}" for kind in EVENT_TYPES),
        "[attributes]",
        f"Status Arg:<EVENT>, Value:{'|'.join(STATUSES)}",
    ]
    return "".join(f"{line}\n" for line in lines)


@dataclass(slots=True)
class _Standoff:
    """What was read of an annotation file so far; `at_line` has the line of each id."""

    text: str
    about: dict[str, Any]
    spans: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    at_line: dict[str | None, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_brat(folder: Path) -> Reading:
    """The documents of a folder by name; texts without an `.ann` file, relations, notes of others are left out.

    Raises:
        InputError: the folder holds no .ann file, or one lacks its .txt.
        DocumentError: an annotation file is broken; the message names file and line.
    """
    files = sorted(folder.glob("*.ann"))
    if not files:
        raise InputError(f"{folder}: no file *.ann in this folder; give the folder of a brat collection")
    documents: list[Document] = []
    left_out = Counter[str]()
    for path in files:
        text = path.with_suffix(".txt")
        if not text.is_file():
            raise InputError(f"{text}: no such file; brat keeps the text of {path.name} there")
        document, others = _document(path, _text(text, keep_mark=True))
        documents.append(document)
        left_out += others
    texts = {path.with_suffix(".ann") for path in folder.glob("*.txt")}
    left_out["texts without an .ann file"] = len(texts - set(files))
    return Reading(tuple(documents), left_out)


def _text(path: Path, *, keep_mark: bool = False) -> str:
    with open_binary(path) as file:
        data = file.read()
    try:
        # In a text the mark counts as a character: brat's offsets are those of the file's text.
        marked = keep_mark and data.startswith(BYTE_ORDER_MARK)
        return ("\ufeff" if marked else "") + decode_utf8(data)
    except DocumentError as error:
        raise DocumentError(tuple(problem.at(str(path)) for problem in error.problems)) from None


def _document(path: Path, text: str) -> tuple[Document, Counter[str]]:
    found = _Standoff(text, {"id": unquote(path.stem)})
    for number, line in enumerate(_text(path).split("\n"), 1):
        before = len(found.problems)
        _read_line(line.removesuffix("\r"), number, found)
        found.problems[before:] = [problem.at(str(path), number) for problem in found.problems[before:]]
    for event in sorted(found.statuses.keys() - {event["id"] for event in found.events}):
        problem = Problem(f"a Status is given to {event}, which does not exist; delete the line")
        found.problems.append(problem.at(str(path), found.at_line[f"status of {event}"]))
    if found.problems:
        raise DocumentError(tuple(found.problems))
    events = [{**event, "status": found.statuses.get(event["id"], "asserted")} for event in found.events]
    try:
        return parse_record({**found.about, "text": text, "spans": found.spans, "events": events}), found.left_out
    except DocumentError as error:
        problems = (replace(p, path=str(path), line=_line_of(p, found)) for p in error.problems)
        raise DocumentError(tuple(problems)) from None


def _line_of(problem: Problem, found: _Standoff) -> int | None:
    named = re.match(r"event (E[0-9]+):", problem.message)
    return found.at_line.get(named[1] if named else problem.span)


def _read_line(line: str, number: int, found: _Standoff) -> None:
    if match := _SPAN.fullmatch(line):
        found.at_line[match[1]] = number
        _read_span(match, found)
    elif match := _EVENT.fullmatch(line):
        found.at_line[match[1]] = number
        _read_event(match, found)
    elif match := _STATUS.fullmatch(line):
        if match[1] in found.statuses:
            found.problems.append(Problem(f"{match[1]} has a Status already; delete one"))
        found.at_line[f"status of {match[1]}"] = number
        found.statuses[match[1]] = match[2]
    elif line.startswith("#") and line.split("\t")[1:2] == [_NOTE]:
        _read_note(line.split("\t", 2)[2:], found)
    elif line[:1] in _OTHERS:
        found.left_out[_OTHERS[line[:1]]] += 1
    elif line.strip():
        what = f"no line of brat standoff: {line[:60]!r}"
        found.problems.append(
            Problem(f"{what}; expected is T1, tab, LABEL 0 6, tab, text, or E1, tab, TYPE:T1 role:T2")
        )


def _read_span(match: re.Match[str], found: _Standoff) -> None:
    text, name = found.text, match[1]
    fragments = [(int(start), int(end)) for start, end in (part.split() for part in match[3].split(";"))]
    edges = {"start": fragments[0][0], "end": fragments[-1][1]}
    found.spans.append({"id": name, "label": match[2], **edges})
    if edges["end"] > len(text):
        return
    gaps = [text[before[1] : after[0]] for before, after in pairwise(fragments)]
    if any(not gap.isspace() for gap in gaps):
        what = "its fragments have text between them; label it as one stretch, or as two spans"
        found.problems.append(Problem(what, span=name))
        return
    shown = " ".join(text[start:end] for start, end in fragments)
    if match[4] is not None and match[4].split() != shown.split():
        what = f"it is {match[4]!r}, but its offsets hold {shown!r}; offsets count code points, and CRLF is two"
        found.problems.append(Problem(what, span=name))


def _read_event(match: re.Match[str], found: _Standoff) -> None:
    arguments = [word.rsplit(":", 1) for word in match[4].split()]
    if nested := [span for _, span in arguments if span.startswith("E")]:
        found.problems.append(Problem(f"event {match[1]}: {nested[0]} is an event, which fills no role; give a span"))
    filled = [{"role": role.rstrip("0123456789"), "span": span} for role, span in arguments]
    found.events.append({"id": match[1], "type": match[2], "trigger": match[3], "arguments": filled})


def _read_note(tail: Sequence[str], found: _Standoff) -> None:
    try:
        about = json.loads(tail[0])
    except (IndexError, ValueError, RecursionError):
        about = None
    if not isinstance(about, dict):
        what = f"the note of type {_NOTE.split()[0]} must hold a JSON object"
        found.problems.append(Problem(f"{what}; delete the line to name the document after its file"))
        return
    found.about |= {key: value for key, value in about.items() if key not in _OURS}
