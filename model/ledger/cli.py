"""`warwire ledger`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Final

import typer

from warwire.annotations.errors import InputError
from warwire.model.cli import Problems
from warwire.model.ledger.gather import Gathered, gather, read_inputs
from warwire.model.ledger.grouping import Incident, group_reports
from warwire.model.ledger.similarity import MIN_SCORE
from warwire.model.ledger.table import TABLES, write_csv, write_parquet
from warwire.model.ledger.versions import histories_of

app = typer.Typer(help="Group reports by incident.", add_completion=False)

PAGE: Final = "ledger.html"
"""Name of the page in the output folder; the tables are `incidents`, `versions` and `links`."""

Progress = Callable[[str, int], None]


class Format(str, Enum):  # noqa: UP042
    """What is written."""

    csv = "csv"
    parquet = "parquet"
    html = "html"
    all = "all"


@app.command("ledger", epilog="Example: warwire ledger tuples --out ledger, then open ledger/ledger.html")
def ledger_cli(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help="Folders that 'warwire archive' has written, or document JSONL with events."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for incidents, versions, links, and the page ledger.html.")],
    format: Annotated[
        Format, typer.Option("--format", "-f", help="csv or parquet: the three tables; html: the page; or all.")
    ] = Format.all,
    min_score: Annotated[
        float, typer.Option(min=0.5, max=20.0, help="Points from which reports are joined; more joins fewer.")
    ] = MIN_SCORE,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Read archives that are not finished, as far as they are.")
    ] = False,
    page_limit: Annotated[int, typer.Option(min=1, help="Incidents on the page; the tables have all.")] = 2000,
    progress: Annotated[bool, typer.Option(help="Show on a terminal how far it is.")] = True,
) -> None:
    """Group the reports of an archive by incident, every version kept.

    Reports of the same attack are joined by place, time, weapon, side, figures and text; every link says why. Figures
    are never added up or chosen: each stands with its speaker, its source and its day of publication.
    """
    if any(path.resolve() == out.resolve() for path in inputs):
        raise InputError(f"--out {out}: is an input; give another folder")
    problems = Problems()
    with _progress(progress) as tell:
        documents = problems.divert(read_inputs(inputs, unfinished=unfinished))
        gathered = gather(documents, lambda number: tell("documents read", number))
        if not gathered.reports:
            raise InputError(f"{inputs[0]}: no events; run 'warwire archive' or 'warwire extract --format jsonl' first")
        incidents = group_reports(gathered.reports, min_score, tell)
        tell("writing", 0)
        written = write_ledger(out, incidents, format, page_limit)
    _summary(gathered, incidents, written)
    problems.finish()


def write_ledger(out: Path, incidents: Sequence[Incident], format: Format, page_limit: int) -> list[Path]:
    """Write the tables and the page into a folder, each whole or not at all; gives the paths.

    Raises:
        InputError: the folder cannot be made or written.
        MissingExtraError: Parquet without pyarrow.
    """
    from warwire.model.ledger.page import ledger_page

    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for table in TABLES:
            for suffix, write in ((Format.csv, write_csv), (Format.parquet, write_parquet)):
                if format in {suffix, Format.all}:
                    path = out / f"{table}.{suffix.value}"
                    with _whole(path) as part:
                        write(part, table, incidents)
                    written.append(path)
        if format in {Format.html, Format.all}:
            with _whole(out / PAGE) as part, part.open("wb") as file:
                for chunk in ledger_page(incidents, page_limit):
                    file.write(chunk.encode("utf-8", "replace"))
            written.append(out / PAGE)
    except OSError as error:
        raise InputError(f"--out {out}: cannot be written: {error.strerror or error}") from None
    return written


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A name to write to, which becomes the path when all is written."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _progress(shown: bool) -> Iterator[Progress]:
    """Something to tell what is being done and how far it is; it shows that where a person looks on."""
    if not shown or not sys.stderr.isatty():
        yield lambda doing, number: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, SpinnerColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), "{task.description}", MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("documents read", total=None)
        yield lambda doing, number: bar.update(task, description=doing, completed=number)


def _summary(gathered: Gathered, incidents: Sequence[Incident], written: Sequence[Path]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    histories = [histories_of(incident) for incident in incidents]
    figures = {
        "documents": gathered.documents,
        "without events": gathered.without_events,
        "ids used twice, now with ~2": gathered.renamed,
        "reports": len(gathered.reports),
        "incidents": len(incidents),
        "with more than one report": sum(len(incident.reports) > 1 for incident in incidents),
        "with a figure that was revised": sum(any(h.is_revised for h in found) for found in histories),
        "on whose figures speakers differ": sum(any(h.is_disputed for h in found) for found in histories),
        "that may be the same as another": sum(bool(incident.neighbours) for incident in incidents),
    }
    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, number in figures.items():
        if number or name in {"documents", "reports", "incidents"}:
            table.add_row(name, f"{number:,}")
    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 140)
    console.print(table)
    for path in written:
        console.print(Text(str(path)))
