"""`warwire annotate`: validate, describe and convert labelled documents."""

import dataclasses
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from warwire.annotations.audit import audit_cli
from warwire.annotations.card import write_card
from warwire.annotations.convert import convert_cli
from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError
from warwire.annotations.guide import check_guide
from warwire.annotations.jsonl import write_documents
from warwire.annotations.sources import read_sources
from warwire.annotations.splits import split_documents
from warwire.annotations.statistics import Statistics, describe

app = typer.Typer(help="Validate, describe and convert labelled documents.", no_args_is_help=True, add_completion=False)
app.command("audit", epilog="Example: warwire annotate audit annotations/corpus/{train,dev,test}.jsonl")(audit_cli)
app.command("convert", epilog="Example: warwire annotate convert dev.jsonl --to brat --out brat")(convert_cli)

Files = Annotated[list[Path], typer.Argument(help="Document JSONL, inline .ann.txt files, or folders of these.")]


@app.command("check", epilog="Example: warwire annotate check annotations/corpus/train.jsonl")
def check_cli(files: Files) -> None:
    """Validate documents against the annotation guide; exit code 2 and one line a problem where they break it."""
    print(f"{check(files)} documents, no problem")


def check(files: list[Path]) -> int:
    """The number of documents in the files.

    Raises:
        DocumentError: with every problem of format and guide.
    """
    located, problems = read_sources(files)
    for item in located:
        problems += [problem.at(item.path, item.line) for problem in check_guide(item.document)]
    if problems:
        raise DocumentError(tuple(problems))
    return len(located)


@app.command("stats", epilog="Example: warwire annotate stats annotations/corpus/train.jsonl --json")
def stats_cli(
    files: Files,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Count documents, words, labels, event types, statuses and roles."""
    statistics = describe(_read(files))
    if as_json:
        sys.stdout.write(msgspec.json.encode(dataclasses.asdict(statistics)).decode() + "\n")
    else:
        Console().print(_table(statistics))


@app.command("split", epilog="Example: warwire annotate split annotations/corpus/inline --out annotations/corpus")
def split_cli(
    files: Files, out: Annotated[Path, typer.Option(help="Folder for train.jsonl, dev.jsonl and test.jsonl.")]
) -> None:
    """Split documents into train, dev and test, by story: what is added later moves nothing."""
    for name, number in split(files, out).items():
        print(f"{out / name}.jsonl: {number} documents")


@app.command("card", epilog="Example: warwire annotate card annotations/corpus")
def card_cli(
    folder: Annotated[Path, typer.Argument(help="Folder of train.jsonl, dev.jsonl, test.jsonl and README.md.")],
) -> None:
    """Rewrite the counts in a corpus's dataset card."""
    print(f"{write_card(folder)}: counts written")


def split(files: list[Path], out: Path) -> dict[str, int]:
    """Write one JSONL file a split; the number of documents by split."""
    splits = split_documents(sorted(_read(files), key=lambda document: document.id))
    out.mkdir(parents=True, exist_ok=True)
    for name, documents in splits.items():
        write_documents(out / f"{name}.jsonl", documents)
    return {name: len(documents) for name, documents in splits.items()}


def _read(files: list[Path]) -> list[Document]:
    located, problems = read_sources(files)
    if problems:
        raise DocumentError(tuple(problems))
    return [item.document for item in located]


def _table(statistics: Statistics) -> Table:
    table = Table(
        title=f"{statistics.documents} documents, {statistics.words} words, "
        f"{statistics.spans} spans, {statistics.events} events"
    )
    table.add_column("kind")
    table.add_column("name")
    table.add_column("number", justify="right")
    for kind in ("label", "type", "status", "role"):
        for name, number in getattr(statistics, f"by_{kind}").items():
            table.add_row(kind, name, str(number))
        table.add_section()
    return table
