"""`warwire annotate agreement`."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError
from warwire.annotations.sources import read_sources
from warwire.evaluate.agreement import Agreement, agreement
from warwire.evaluate.agreement_table import disagreement_table, event_table, tables, to_json

app = typer.Typer(add_completion=False)

_WIDTH = 160
_EXAMPLE = "Example: warwire annotate agreement annotations/corpus/inline annotations/corpus/second"


@app.command("agreement", epilog=_EXAMPLE)
def agreement_cli(
    first: Annotated[Path, typer.Argument(help="The first annotator: document JSONL, inline file, or folder.")],
    second: Annotated[Path, typer.Argument(help="The second annotator, of the same texts or of some of them.")],
    show: Annotated[bool, typer.Option("--show", help="List every disagreement, to be read and settled.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Compare two annotators: span, trigger, argument and tuple F1, Cohen's kappa by token.

    Documents are matched by id; those that one of the two alone has are named and left out.
    """
    agreed = agreement(_read(first), _read(second))
    _name_the_rest(agreed, first, second)
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(to_json(agreed))).decode() + "\n")
    else:
        _print(agreed, show)


def _read(path: Path) -> list[Document]:
    located, problems = read_sources([path])
    if problems:
        raise DocumentError(tuple(problems))
    return [item.document for item in located]


def _name_the_rest(agreed: Agreement, first: Path, second: Path) -> None:
    for path, alone in ((first, agreed.only_first), (second, agreed.only_second)):
        if alone:
            named = ", ".join(alone[:3]) + (f" and {len(alone) - 3} more" if len(alone) > 3 else "")
            print(f"warwire: only in {path}, left out: {named}", file=sys.stderr)


def _print(agreed: Agreement, show: bool) -> None:
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False, width=None if sys.stdout.isatty() else _WIDTH)
    for table in tables(agreed):
        console.print(table)
    if show:
        console.print(disagreement_table(agreed.disagreements))
        console.print(event_table(agreed.event_disagreements))
    print(agreed.signature)
