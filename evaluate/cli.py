"""`warwire evaluate`."""

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents
from warwire.evaluate.data_sets import digest_of
from warwire.evaluate.document_counts import count_documents
from warwire.evaluate.figures import to_json
from warwire.evaluate.intervals import Resampling
from warwire.evaluate.pairs import Pair, pair_documents
from warwire.evaluate.predictions import check_source, files_first, predictions
from warwire.evaluate.scores import Scores, require_libraries, score, signature

if TYPE_CHECKING:
    from warwire.evaluate.comparison import Baseline, CountedSet, Verdict

app = typer.Typer(help="Score models.", add_completion=False)

_STANDARD_OUTPUT = "-"
_WORSE = 1


class Deciding(StrEnum):
    """Scores by which models are chosen and compared."""

    core_tag = "core_tag"
    tag = "tag"
    trigger = "trigger"
    argument = "argument"
    tuple = "tuple"
    exact_tuple = "exact_tuple"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores of one model, named as on the command line, and the document pairs that they come from."""

    model: str
    scores: Scores
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class _Gate:
    """What a model is compared with, and the loss in 0..1 that is tolerated."""

    baseline: Path
    tolerated: float
    score: str
    model: str | None
    resampling: Resampling

    def open(self, data: Sequence[Path], pooled: bool) -> "Baseline":
        """The baseline, checked to be of the same data before a model takes minutes."""
        from warwire.evaluate.comparison import check_data, read_baseline
        from warwire.evaluate.data_sets import read_data_sets

        baseline, sets = read_baseline(self.baseline), read_data_sets(data)
        together = signature([document for one in sets for document in one.documents]) if pooled else None
        if together is None or digest_of(together) not in baseline.sets:
            check_data(baseline, [(one.name, one.digest) for one in sets])
        return baseline

    def verdicts(self, baseline: "Baseline", current: "Sequence[CountedSet]") -> "tuple[Verdict, ...]":
        """What the comparison comes to, a verdict for each model and data set."""
        from warwire.evaluate.comparison import compare_with_baseline

        return compare_with_baseline(baseline, current, self.score, self.tolerated, self.model, self.resampling)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a report is made: the score that decides, the samples, curve files, and whether speed is measured."""

    primary: str
    resampling: Resampling
    curves: Sequence[Path]
    timed: bool


_Models = Annotated[
    list[str],
    typer.Argument(
        metavar="MODEL", help="Model folder, 'default' (the embedded model), or a .jsonl file of predicted documents."
    ),
]
_Data = Annotated[
    list[Path],
    typer.Option(
        metavar="FILE",
        help="Gold document JSONL; several files: repeat the option. Tables pool them, a report keeps them apart.",
    ),
]
_Json = Annotated[
    str | None, typer.Option(metavar="FILE", help="Also write all figures as JSON; '-' prints JSON instead of tables.")
]
_Report = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a page that says which model to choose and how sure that is.")
]
_Curve = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Learning curve or sweep.jsonl for the report; repeat the option."),
]
_Primary = Annotated[
    Deciding, typer.Option("--primary", "--score", help="The score that decides, in a report and for --against.")
]
_Speed = Annotated[bool, typer.Option(help="Measure words a second for the report.")]
_Intervals = Annotated[
    bool, typer.Option("--intervals", help="Print each score with its 95% bootstrap interval over documents.")
]
_Resamples = Annotated[int, typer.Option(min=100, help="Bootstrap samples of an interval.")]
_Seed = Annotated[int, typer.Option(min=0, help="Seed of bootstrap and tests.")]
_Against = Annotated[
    Path | None,
    typer.Option(metavar="BASELINE.json", help="An earlier --json: exit code 1 when a model is worse beyond chance."),
]
_AgainstModel = Annotated[
    str | None, typer.Option(metavar="NAME", help="Which model of the baseline, where it has several.")
]
_FailUnder = Annotated[
    float | None,
    typer.Option(
        min=0, max=100, metavar="POINTS", help="With --against: points of the score (0 to 100) that may be lost; 0."
    ),
]


@app.command(
    "evaluate",
    epilog="Example: warwire evaluate default runs/mine/model --data annotations/corpus/dev.jsonl --report report.html",
)
def evaluate_cli(
    models: _Models,
    data: _Data,
    json: _Json = None,
    report: _Report = None,
    curve: _Curve = None,
    primary: _Primary = Deciding.core_tag,
    speed: _Speed = True,
    with_intervals: _Intervals = False,
    resamples: _Resamples = 2000,
    seed: _Seed = 13,
    against: _Against = None,
    against_model: _AgainstModel = None,
    fail_under: _FailUnder = None,
) -> None:
    """Score models or predictions against gold documents.

    The scores are those of the annotation guide, micro-averaged over the documents.
    Quote a figure with the signature below its table.

    With --against, a model fails (exit code 1) when it has lost more than the --fail-under points of the --score, and
    the loss is beyond chance (paired test over documents, p below 0.05). Other data than the baseline's: exit code 2.
    """
    for out in (json, report):
        if out not in (None, _STANDARD_OUTPUT) and not Path(str(out)).absolute().parent.is_dir():
            raise InputError(f"{out}: its folder does not exist; make it first")
    if against is None and (fail_under is not None or against_model is not None):
        raise InputError("--fail-under and --against-model need --against BASELINE.json")
    resampling = Resampling(resamples, seed)
    gate = _Gate(against, (fail_under or 0.0) / 100, primary.value, against_model, resampling) if against else None
    if report is not None:
        plan = _Plan(primary.value, resampling, curve or (), speed)
        verdicts = _report(models, data, report, json, plan, gate)
    elif curve:
        raise InputError("--curve needs --report FILE")
    else:
        verdicts = _tables(models, data, json, resampling if with_intervals else None, gate)
    for verdict in verdicts:
        print(verdict.words, file=sys.stderr if json == _STANDARD_OUTPUT else sys.stdout)
    if any(verdict.worse for verdict in verdicts):
        raise typer.Exit(_WORSE)


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
    return tuple(files_first(models, lambda model: _evaluation(model, gold)))


def write_json(evaluations: Sequence[Evaluation], out: str) -> None:
    """Write `{"models": [{"model": name, ...figures, "counts": ...}]}` to a file, or to standard output for `-`.

    `counts` is `{"documents": [id], "scores": {score: [[right, predicted, gold]]}}`: what `--against` compares with.

    Raises:
        InputError: the file cannot be written.
    """
    from warwire.evaluate.report.set_results import stored_counts

    models: list[dict[str, Any]] = []
    for item in evaluations:
        stored = stored_counts({item.model: count_documents(item.pairs)})
        counts = {"documents": stored["documents"], "scores": stored["models"][item.model]}
        models.append({"model": item.model, **to_json(item.scores), "counts": counts})
    _write(msgspec.json.format(msgspec.json.encode({"models": models})), out)


def _write(encoded: bytes, out: str) -> None:
    if out == _STANDARD_OUTPUT:
        sys.stdout.write(encoded.decode() + "\n")
        return
    try:
        Path(out).write_bytes(encoded + b"\n")
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from None


def _tables(
    models: Sequence[str], data: Sequence[Path], json: str | None, resampling: Resampling | None, gate: _Gate | None
) -> "tuple[Verdict, ...]":
    """Evaluate over all documents together; the verdicts of the gate, none without one."""
    baseline = gate and gate.open(data, pooled=True)
    evaluations = evaluate(models, data)
    if json is not None:
        write_json(evaluations, json)
    if json != _STANDARD_OUTPUT:
        _print_tables(evaluations, resampling)
    return gate.verdicts(baseline, _counted(evaluations, data, baseline.sets.keys())) if gate and baseline else ()


def _report(
    models: Sequence[str], data: Sequence[Path], out: Path, json: str | None, plan: _Plan, gate: _Gate | None
) -> "tuple[Verdict, ...]":
    """Write the report of the models on each file; the verdicts of the gate, none without one."""
    from warwire.evaluate.comparison import report_sets
    from warwire.evaluate.report.build import build_report
    from warwire.evaluate.report.figures import ReportSettings
    from warwire.evaluate.report.page import write_page

    baseline = gate and gate.open(data, pooled=False)
    figures = build_report(models, data, ReportSettings(plan.primary, plan.resampling), plan.curves, plan.timed)
    write_page(figures, out)
    if json is not None:
        _write(msgspec.json.encode(figures), json)
    if json != _STANDARD_OUTPUT:
        print("\n".join([*figures["answer"]["words"], f"report: {out}"]))
    return gate.verdicts(baseline, report_sets(figures)) if gate and baseline else ()


def _counted(
    evaluations: Sequence[Evaluation], data: Sequence[Path], digests: Collection[str]
) -> "Sequence[CountedSet]":
    """All documents as one set where the baseline has them so, otherwise the files apart."""
    from warwire.evaluate.comparison import count_set
    from warwire.evaluate.data_sets import read_data_sets

    together = evaluations[0].scores.signature
    if len(data) == 1 or digest_of(together) in digests:
        return [count_set(", ".join(map(str, data)), together, {item.model: item.pairs for item in evaluations})]
    found = []
    for one in read_data_sets(data):
        wanted = {document.id for document in one.documents}
        chosen = {item.model: [pair for pair in item.pairs if pair.gold.id in wanted] for item in evaluations}
        found.append(count_set(one.name, one.signature, chosen))
    return found


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


def _evaluation(model: str, gold: Sequence[Document]) -> Evaluation:
    predicted = predictions(model, gold)
    try:
        return Evaluation(model, score(gold, predicted), pair_documents(gold, predicted))
    except InputError as error:
        raise InputError(f"{model}: {error}") from None


def _print_tables(evaluations: Sequence[Evaluation], resampling: Resampling | None) -> None:
    from rich.console import Console
    from rich.text import Text

    from warwire.evaluate.interval_table import interval_tables
    from warwire.evaluate.table import tables

    width = None if sys.stdout.isatty() else 60 + 34 * len(evaluations)
    console = Console(markup=False, highlight=False, emoji=False, width=width)
    line = evaluations[0].scores.signature
    if resampling is None:
        found = tables([(item.model, item.scores) for item in evaluations])
    else:
        found = interval_tables([(item.model, count_documents(item.pairs)) for item in evaluations], resampling)
        line = f"{line}|{resampling.words}"
    for table in found:
        console.print(table)
        console.print(Text(f"{line}\n", style="dim"), soft_wrap=True)
