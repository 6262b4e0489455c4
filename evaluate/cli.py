"""`warwire evaluate`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents
from warwire.evaluate.figures import to_json
from warwire.evaluate.predictions import check_source, predictions
from warwire.evaluate.scores import Scores, require_libraries, score

app = typer.Typer(help="Score models.", add_completion=False)

_STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores of one model, named as on the command line."""

    model: str
    scores: Scores


@app.command("evaluate", epilog="Example: warwire evaluate default runs/mine/model --data annotations/corpus/dev.jsonl")
def evaluate_cli(
    models: Annotated[
        list[str],
        typer.Argument(
            metavar="MODEL",
            help="Model folder, 'default' (the embedded model), or a .jsonl file of predicted documents.",
        ),
    ],
    data: Annotated[
        list[Path],
        typer.Option(metavar="FILE", help="Gold document JSONL; several files: repeat the option."),
    ],
    json: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Also write all figures as JSON; '-' prints JSON instead of tables."),
    ] = None,
) -> None:
    """Score models or predictions against gold documents.

    The scores are those of the annotation guide, micro-averaged over the documents.
    Quote a figure with the signature below its table.
    """
    if json not in (None, _STANDARD_OUTPUT) and not Path(json).absolute().parent.is_dir():
        raise InputError(f"{json}: its folder does not exist; make it first")
    evaluations = evaluate(models, data)
    if json is not None:
        write_json(evaluations, json)
    if json != _STANDARD_OUTPUT:
        _print_tables(evaluations)


def evaluate(models: Sequence[str], data: Sequence[Path]) -> tuple[Evaluation, ...]:
    """The scores of each model against all documents of the files, in the order given.

    Raises:
        InputError: a file or model cannot be read, or its documents are not those of the gold files.
        MissingExtraError: seqeval or scipy is not installed.
    """
    require_libraries()
    for model in models:
        check_source(model)
    gold = _read_gold(data)
    return tuple(Evaluation(model, _score(model, gold)) for model in models)


def write_json(evaluations: Sequence[Evaluation], out: str) -> None:
    """Write `{"models": [{"model": name, ...figures}]}` to a file, or to standard output for `-`.

    Raises:
        InputError: the file cannot be written.
    """
    models = [{"model": item.model, **to_json(item.scores)} for item in evaluations]
    encoded = msgspec.json.format(msgspec.json.encode({"models": models})) + b"\n"
    if out == _STANDARD_OUTPUT:
        sys.stdout.write(encoded.decode())
        return
    try:
        Path(out).write_bytes(encoded)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from None


def _read_gold(data: Sequence[Path]) -> list[Document]:
    gold: list[Document] = []
    first: dict[str, Path] = {}
    for path in data:
        for document in read_documents(path):
            if document.id in first:
                raise InputError(f"{path}: document {document.id} is also in {first[document.id]}; give it once")
            first[document.id] = path
            gold.append(document)
    return gold


def _score(model: str, gold: Sequence[Document]) -> Scores:
    predicted = predictions(model, gold)
    try:
        return score(gold, predicted)
    except InputError as error:
        raise InputError(f"{model}: {error}") from None


def _print_tables(evaluations: Sequence[Evaluation]) -> None:
    from rich.console import Console
    from rich.text import Text

    from warwire.evaluate.table import tables

    width = None if sys.stdout.isatty() else 60 + 34 * len(evaluations)
    console = Console(markup=False, highlight=False, emoji=False, width=width)
    for table in tables([(item.model, item.scores) for item in evaluations]):
        console.print(table)
        console.print(Text(f"{evaluations[0].scores.signature}\n", style="dim"), soft_wrap=True)
