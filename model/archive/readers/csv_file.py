"""CSV: a document a row, columns by the names in the first row; every value stays the string that it is.

Quotation marks as in RFC 4180: a quoted field may hold the delimiter, line ends and doubled quotation marks. Rows are
numbered from 1 behind the header; blank lines are not counted.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from warwire.annotations.errors import InputError
from warwire.model.archive.incoming import Article, Origin, Rejection
from warwire.model.archive.inputs import InputFile, ReadOptions, bare_name
from warwire.model.archive.readers.compression import Report
from warwire.model.archive.readers.content import read_content
from warwire.model.archive.readers.encoding import HINT
from warwire.model.archive.readers.lines import Line, LongLine, as_utf8, excerpt, numbered_lines
from warwire.model.archive.readers.record import build_article

DELIMITERS: Final = (",", ";", "\t", "|")
_FIELDS: Final = ("text", "id", "date", "title", "source")
_HEADER_LINES: Final = 100
_NAMES: Final = 5
_NAME: Final = 30
"""Columns named in a message, and characters of each."""

_EMPTY: Final = "the file has no rows"


class _UnreadableError(Exception):
    """Thrown through the parser by the lines it asks for: a row that is too long or no text."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


def read_csv(file: InputFile, options: ReadOptions, start: int, report: Report) -> Iterator[Article | Rejection]:
    """The rows behind `start`."""
    chunks = as_utf8(read_content(file, options, report), options.encoding)
    lines = _Lines(numbered_lines(chunks, options.max_bytes), options.max_bytes)
    header = _header(file, options, lines)
    if isinstance(header, str):
        report("empty" if header == _EMPTY else "no-column", header)
        return
    delimiter, names = header
    if (problem := _column_problem(names, options)) is not None:
        report("no-column", problem)
        return
    places = tuple(names.index(name) if (name := getattr(options, field)) in names else -1 for field in _FIELDS)
    number = 0
    for row in _rows(lines, delimiter):
        number += 1
        if isinstance(row, _UnreadableError) and row.code == "truncated" and lines.in_row > 1:
            taken = f"the last row holds the last {lines.in_row} lines, in a quoted field that nothing closes"
            report("truncated", f"{taken}; some of them may be rows")
        if number <= start:
            continue
        origin = Origin(file.name, number)
        if isinstance(row, _UnreadableError):
            yield Rejection(origin, "read", row.code, row.reason, None, lines.seen)
        elif len(row) != len(names):
            found = f"{len(row)} field{'' if len(row) == 1 else 's'} where the header has {len(names)}"
            reason = f"{found}; quote what holds a delimiter or a line end"
            yield Rejection(origin, "read", "ragged", reason, None, lines.seen)
        else:
            # An empty cell is no value: CSV has no other way to say so.
            text, name, date, title, source = (row[place] if place >= 0 else "" for place in places)
            yield build_article(origin, options, text, name, date or None, title or None, source or None)


def check_delimiter(delimiter: str) -> None:
    """Refuse what is no delimiter.

    Raises:
        InputError: it is not one character, or a quotation mark or a line end.
    """
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise InputError(f"a delimiter is one character, no quotation mark or line end, not {delimiter!r}")


@dataclass(frozen=True, slots=True)
class _Physical:
    """A line of the file: its text or why it has none, its size in bytes, its quotation marks, and its beginning."""

    text: str | _UnreadableError
    size: int
    quotes: int
    head: str


class _Lines:
    """The lines for the parser, decoded, with an account of the row that it is at."""

    def __init__(self, lines: Iterator[Line], most: int) -> None:
        self._lines = lines
        self._most = most
        self._waiting: deque[_Physical] = deque()
        self.ended = True
        self._size, self._quotes, self.in_row, self.seen = 0, 0, 0, ""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._fetch()
        self._size += line.size
        self._quotes += line.quotes
        self.in_row += 1
        self.seen = self.seen or line.head
        if isinstance(line.text, _UnreadableError):
            raise line.text
        if self._size > self._most:
            raise self._too_long(self._size)
        return line.text

    def head(self, most: int) -> list[str]:
        """The first lines, up to one that cannot be read; they stay to be read."""
        while len(self._waiting) < most:
            try:
                self._waiting.append(self._fetch())
            except StopIteration:
                break
        texts = (line.text for line in self._waiting)
        return [text for text in takewhile(lambda text: isinstance(text, str), texts) if isinstance(text, str)]

    def new_row(self) -> None:
        """Start the account of another row."""
        self._size, self._quotes, self.in_row, self.seen = 0, 0, 0, ""

    def leave_row(self) -> None:
        """Go to where the row that could not be read must end: behind the line that closes its quoted field."""
        seen = self.seen
        while self._quotes % 2:
            try:
                next(self)
            except StopIteration:
                break
            except _UnreadableError:
                continue
        self.seen = seen

    def _fetch(self) -> _Physical:
        _, line, self.ended = next(self._lines)
        if isinstance(line, LongLine):
            return _Physical(self._too_long(line.size), line.size, line.quotes, excerpt(line))
        try:
            text: str | _UnreadableError = line.decode() + ("\n" if self.ended else "")
        except UnicodeDecodeError as error:
            text = _UnreadableError("encoding", f"no UTF-8 ({error.reason}); {HINT}")
        return _Physical(text, len(line), line.count(b'"'), excerpt(line))

    def _too_long(self, size: int) -> _UnreadableError:
        reason = f"a row of {size} bytes or more, {self._most} is the limit; raise --max-bytes"
        return _UnreadableError("too-long", f"{reason}, or close the quotation mark that makes it so long")


def _rows(lines: _Lines, delimiter: str) -> Iterator[list[str] | _UnreadableError]:
    # The parser's own limit is for the whole process, and the lines keep the real one.
    csv.field_size_limit(1 << 31)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    next(reader)
    while True:
        lines.new_row()
        try:
            row = next(reader)
        except StopIteration:
            return
        except _UnreadableError as fault:
            lines.leave_row()
            yield fault
        except csv.Error as error:
            yield _csv_fault(error, lines.ended)
        else:
            if row:
                yield row


def _csv_fault(error: csv.Error, ended: bool) -> _UnreadableError:
    if "unexpected end of data" in str(error):
        return _UnreadableError(
            "truncated", "the file ends within a quoted field: cut off, or a quotation mark too many"
        )
    return _UnreadableError("broken-csv", f"broken CSV: {error}")


def _header(file: InputFile, options: ReadOptions, lines: _Lines) -> tuple[str, list[str]] | str:
    """The delimiter and the names of the columns, or what keeps them from being read."""
    head = lines.head(_HEADER_LINES)
    if not head:
        return _EMPTY
    if options.delimiter is not None:
        check_delimiter(options.delimiter)
        candidates: tuple[str, ...] = (options.delimiter,)
    elif _is_tab_separated(file.name):
        candidates = ("\t",)
    else:
        candidates = DELIMITERS
    found: list[tuple[str, list[str]]] = []
    for delimiter in candidates:
        try:
            found.append((delimiter, next(csv.reader(iter(head), delimiter=delimiter, strict=True), [])))
        except csv.Error:
            continue
    if not found:
        return "the first row, with the names of the columns, cannot be read"
    # The delimiter under which the text column is there; of several, the one that makes most columns.
    return max(found, key=lambda pair: (options.text in pair[1], len(pair[1])))


def _is_tab_separated(name: str) -> bool:
    return name != bare_name(name) and ".tsv" in name[len(bare_name(name)) :].lower()


def _column_problem(names: list[str], options: ReadOptions) -> str | None:
    shown = ", ".join(repr(name if len(name) <= _NAME else f"{name[:_NAME]}...") for name in names[:_NAMES])
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    there = f"the columns are {shown}{more}"
    if options.text not in names:
        return f"no column {options.text!r} for the text; {there}; say which with --text-field"
    for field in _FIELDS:
        name, usual = getattr(options, field), getattr(ReadOptions(), field)
        if name not in names and name != usual:
            return f"no column {name!r} for the {field}; {there}"
        if names.count(name) > 1:
            return f"the column {name!r} stands there more than once"
    return None
