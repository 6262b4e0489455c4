"""brat standoff: a folder with `NAME.txt` and `NAME.ann` for each document (https://brat.nlplab.org/standoff.html).

T lines are spans (offsets in code points; a span over a line break is given in fragments, as brat wants it), E lines
events with `Role:T1` and `Role2:T2` for further fillers, A lines the status. `annotation.conf` is written beside them.
A document's id becomes the file's name, with what a file name cannot hold in percent notation.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from warwire.annotations.document import Document, Span
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.formats.losses import lost_values
from warwire.annotations.formats.relations import sorted_events
from warwire.annotations.jsonl import decode_utf8
from warwire.annotations.labels import ARGUMENT_LABELS, EVENT_TYPES, ROLES, STATUSES
from warwire.annotations.record import parse_record

_SPAN: Final = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t?.*")
_EVENT: Final = re.compile(r"(E\d+)\t(\S+):(T\d+)((?: \S+:[TE]\d+)*)\s*")
_STATUS: Final = re.compile(r"[AM]\d+\tStatus (E\d+) (\S+)\s*")
_SAFE: Final = " ()+,=@"


def write_brat(documents: Sequence[Document], out: Path) -> Counter[str]:
    """Write the folder; what is lost, counted.

    Raises:
        InputError: the folder is there and holds something.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: holds something already; give a new folder")
    out.mkdir(parents=True, exist_ok=True)
    for document in documents:
        name = quote(document.id, safe=_SAFE)
        (out / f"{name}.txt").write_bytes(document.text.encode())
        (out / f"{name}.ann").write_bytes("".join(f"{line}\n" for line in _lines(document)).encode())
    (out / "annotation.conf").write_text(_configuration(), encoding="utf-8", newline="\n")
    return lost_values(documents, keeps=["events"])


def read_brat(folder: Path) -> Iterator[Document]:
    """The documents of a folder by name.

    Raises:
        InputError: the folder holds no .ann file, or one lacks its .txt.
        DocumentError: an annotation file is broken; the message names file and line.
    """
    files = sorted(folder.glob("*.ann"))
    if not files:
        raise InputError(f"{folder}: no file *.ann in this folder; give the folder of a brat collection")
    for path in files:
        text = path.with_suffix(".txt")
        if not text.is_file():
            raise InputError(f"{text}: no such file; brat keeps the text of {path.name} there")
        yield _document(path, decode_utf8(text.read_bytes()))


def _lines(document: Document) -> Iterator[str]:
    ordered = sorted(document.spans, key=lambda span: span.start)
    names = {span.id: f"T{number}" for number, span in enumerate(ordered, 1)}
    for span in ordered:
        fragments = list(_fragments(document.text, span))
        offsets = ";".join(f"{start} {end}" for start, end in fragments)
        shown = " ".join(document.text[start:end] for start, end in fragments)
        yield f"{names[span.id]}\t{span.label} {offsets}\t{shown}"
    events = sorted_events(document)
    for number, event in enumerate(events, 1):
        used: Counter[str] = Counter()
        words = [f"{event.type}:{names[event.trigger]}"]
        for argument in event.arguments:
            used[argument.role] += 1
            again = str(used[argument.role]) if used[argument.role] > 1 else ""
            words.append(f"{argument.role}{again}:{names[argument.span]}")
        yield f"E{number}\t{' '.join(words)}"
    told = [(number, event.status) for number, event in enumerate(events, 1) if event.status != "asserted"]
    for number, (event_number, status) in enumerate(told, 1):
        yield f"A{number}\tStatus E{event_number} {status}"


def _fragments(text: str, span: Span) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\r\n]+", text[span.start : span.end]):
        yield span.start + match.start(), span.start + match.end()


def _document(path: Path, text: str) -> Document:
    record: dict[str, Any] = {"id": unquote(path.stem), "text": text, "spans": [], "events": []}
    statuses: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(decode_utf8(path.read_bytes()).split("\n"), 1):
        line = line.rstrip("\r")
        if match := _SPAN.fullmatch(line):
            fragments = [tuple(map(int, part.split())) for part in match[3].split(";")]
            edges = {"start": fragments[0][0], "end": fragments[-1][1]}
            record["spans"].append({"id": match[1], "label": match[2], **edges})
        elif match := _EVENT.fullmatch(line):
            record["events"].append(_event(match))
        elif match := _STATUS.fullmatch(line):
            statuses[match[1]] = match[2]
        elif line[:1] not in ("#", "R", "N", "*", "") or line[:1] == "A":
            what = f"no line of brat standoff with our labels: {line[:60]!r}; see annotation.conf"
            problems.append(Problem(what, path=str(path), line=number))
    for event in record["events"]:
        event["status"] = statuses.get(event["id"], "asserted")
    if problems:
        raise DocumentError(tuple(problems))
    try:
        return parse_record(record)
    except DocumentError as error:
        raise DocumentError(tuple(problem.at(str(path), problem.line) for problem in error.problems)) from None


def _event(match: re.Match[str]) -> dict[str, Any]:
    arguments = [word.split(":") for word in match[4].split()]
    filled = [{"role": role.rstrip("0123456789"), "span": span} for role, span in arguments]
    return {"id": match[1], "type": match[2], "trigger": match[3], "arguments": filled}


def _configuration() -> str:
    roles = ", ".join(f"{role}*:<ENTITY>" for role in ROLES)
    return "\n".join(
        [
            "[entities]",
            *ARGUMENT_LABELS,
            "[relations]",
            "[events]",
            *(f"{kind} {roles}" for kind in EVENT_TYPES),
            "[attributes]",
            f"Status Arg:<EVENT>, Value:{'|'.join(STATUSES)}",
            "",
        ]
    )
