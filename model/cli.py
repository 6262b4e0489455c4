"""`warwire extract` and `warwire assemble`."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError, Problem
from warwire.annotations.jsonl import encode_document, scan
from warwire.annotations.record import is_iso_date
from warwire.model.articles import read_articles

app = typer.Typer(help="Read articles.")


class Format(str, Enum):  # noqa: UP042
    """Output formats of `extract` and `assemble`."""

    table = "table"
    jsonl = "jsonl"
    rows = "rows"
    attacks = "attacks"
    geojson = "geojson"
    html = "html"


FormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        "-f",
        help="table: for reading; jsonl: one document a line; rows: CSV, one event a row; attacks: CSV, one attack "
        "and speaker a row; geojson: events with coordinates, for a map; html: a page to read, text beside events.",
    ),
]

VagueOption = Annotated[
    str,
    typer.Option(
        "--vague",
        help="What dozens, scores and the like come to: guide (24 and up, 40 and up), acled (12, 40), or a TSV file of "
        "your own: word, least, most.",
    ),
]


@app.command("extract", epilog="Example: warwire extract article.txt --date 2024-03-02 --format rows")
def extract_cli(
    files: Annotated[list[str], typer.Argument(help="Plain text, HTML or document JSONL; - is standard input.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; without it the embedded default.")] = None,
    date: Annotated[str | None, typer.Option(help="Day of publication, YYYY-MM-DD, where a document has none.")] = None,
    format: FormatOption = Format.table,
    back_end: Annotated[str | None, typer.Option(help="int8 or fp32 (ONNX Runtime), openvino, or torch.")] = None,
    vague: VagueOption = "guide",
) -> None:
    """Read articles and print who did what to whom, according to whom.

    A bad file or line is named on standard error, the others are read all the same; the exit code is then 2.
    """
    if date is not None and not is_iso_date(date):
        raise InputError(f"--date {date!r} is no day like 2024-03-02")
    from warwire.model.normalise.vague import vague_table

    words = vague_table(vague)
    problems = Problems()
    documents = problems.divert(read_articles(files, date))
    first = next(documents, None)
    if first is not None:
        from warwire.model.extractor import load_extractor

        extractor = replace(load_extractor(model, back_end), vague=words)
        write(extractor.extract_documents(_progress(_chain(first, documents))), format)
    problems.finish()


@app.command("assemble", epilog="Example: warwire assemble annotations/corpus/dev.jsonl > assembled.jsonl")
def assemble_cli(
    file: Annotated[Path, typer.Argument(help="Document JSONL with spans; events it has are replaced.")],
    format: FormatOption = Format.jsonl,
    vague: VagueOption = "guide",
) -> None:
    """Link the spans of documents to events."""
    from warwire.model.assemble import assemble
    from warwire.model.normalise.vague import vague_table

    words = vague_table(vague)
    problems = Problems()
    records = (item for record in scan(file) for item in (*record.problems, record.document) if item is not None)
    documents = problems.divert(records)
    first = next(documents, None)
    if first is None and not problems.found:
        raise InputError(f"{file}: the file is empty; a document JSONL file holds one JSON object a line")
    if first is not None:
        write((assemble(document, words) for document in _chain(first, documents)), format)
    problems.finish()


class Problems:
    """Problems met on the way: each is told at once, and the command ends with exit code 2."""

    def __init__(self) -> None:
        self.found = 0

    def divert(self, items: Iterable[Document | Problem]) -> Iterator[Document]:
        """The documents among the items; problems go to standard error, one line each."""
        for item in items:
            if isinstance(item, Problem):
                self.tell([item])
            else:
                yield item

    def tell(self, problems: Iterable[Problem]) -> None:
        """Name problems on standard error, one line each."""
        for problem in problems:
            self.found += 1
            print(f"warwire: {problem}", file=sys.stderr)

    def finish(self) -> None:
        """End with exit code 2 if there was a problem."""
        if self.found:
            raise typer.Exit(2)


def write(documents: Iterable[Document], format: Format) -> None:
    """Print documents to standard output in a format, each as soon as it is there."""
    if format is Format.table:
        _write_tables(documents)
        return
    for chunk in _chunks(documents, format):
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()


def _chunks(documents: Iterable[Document], format: Format) -> Iterator[bytes]:
    """The bytes of a format, piece by piece; a surrogate, which UTF-8 has no bytes for, becomes a question mark."""
    if format is Format.jsonl:
        return map(encode_document, documents)
    if format is Format.rows:
        from warwire.model.rows import csv_lines as text
    elif format is Format.attacks:
        from warwire.model.attacks import csv_lines as text
    elif format is Format.geojson:
        from warwire.model.geojson import feature_collection as text
    else:
        from warwire.model.page.render import article_page as text
    return (piece.encode("utf-8", "replace") for piece in text(documents))


def _write_tables(documents: Iterable[Document]) -> None:
    from rich.console import Console

    from warwire.model.render import render

    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 140)
    for document in documents:
        console.print(render(document, coloured=console.color_system is not None))


def _progress(documents: Iterable[Document]) -> Iterator[Document]:
    """The documents, counted on standard error when a person looks on and standard output goes elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from documents
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), "{task.description}", MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(documents, description="documents read")


def _chain(first: Document, rest: Iterable[Document]) -> Iterator[Document]:
    yield first
    yield from rest
