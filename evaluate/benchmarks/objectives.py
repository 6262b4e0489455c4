"""Which way of pre-training is best for the same compute? Each arm pre-trains for as many seconds, then is fine-tuned.

    python -m warwire.evaluate.benchmarks.objectives train/configs/encoder.yaml train/configs/default.yaml \\
        --dev annotations/corpus/dev.jsonl --dev REAL.jsonl --out runs/objectives --minutes 10

An arm's speed is measured first, on a short run, and gives the number of its tokens, so that compiling, saving and
scoring do not count. With `--threads 1` it is measured in processor time, which other work on the machine does not
change. Finished arms are kept and used again; `--arms` takes some of them.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from warwire.annotations.jsonl import read_documents
from warwire.evaluate.predictions import predictions
from warwire.evaluate.scores import Scores, score
from warwire.train.config_file import read_sections
from warwire.train.pretrain_config import PretrainConfig

_MAIN: Final = "from warwire.model.main import main; main()"
_MEASURED_STEPS: Final = 40


@dataclass(frozen=True, slots=True)
class Phase:
    """A share of an arm's time, and what it changes in the configuration; it goes on from the phase before."""

    share: float
    changes: tuple[str, ...] = ()


ARMS: Final[Mapping[str, tuple[Phase, ...]]] = {
    "masked 30%": (Phase(1),),
    "masked 15%": (Phase(1, ("objective.masked=0.15",)),),
    "masked 30%, single pieces": (Phase(1, ("objective.whole_words=false",)),),
    "replaced tokens": (Phase(1, ("objective.kind=replaced",)),),
    "6 layers, 192 wide": (
        Phase(1, ("encoder.layers=6", "encoder.width=192", "encoder.heads=3", "encoder.feed_forward=288")),
    ),
    "3 layers, 320 wide": (
        Phase(1, ("encoder.layers=3", "encoder.width=320", "encoder.heads=5", "encoder.feed_forward=480")),
    ),
    "short sequences first": (
        Phase(0.7, ("schedule.length=64", "schedule.batch=128", "schedule.decay=0.0")),
        Phase(0.3, ("schedule.decay=1.0",)),
    ),
}


@dataclass(frozen=True, slots=True)
class Arm:
    """How fast an arm reads text, how many tokens it read, and the encoder that came of it."""

    speed: float
    tokens: int
    loss: float
    encoder: Path


def pretrained(config: Path, phases: Sequence[Phase], seconds: float, out: Path, common: Sequence[str]) -> Arm:
    """Pre-train the phases of an arm one after the other; finished ones are taken as they are."""
    start: list[str] = []
    tokens, speed, loss = 0, 0.0, 0.0
    encoder = out
    for number, phase in enumerate(phases, 1):
        overrides = [*common, *phase.changes, *start]
        speed = _speed(config, out / f"speed-{number}", overrides)
        read = int(speed * seconds * phase.share)
        run = out / f"phase-{number}"
        if not (run / "summary.json").is_file():
            _pretrain(config, run, [*overrides, f"schedule.tokens={read}"])
        loss = json.loads((run / "summary.json").read_text())["loss"]
        tokens += read
        encoder = run / "encoder"
        start = [f"start={encoder.resolve()}"]
    return Arm(speed, tokens, loss, encoder)


def _speed(config: Path, run: Path, overrides: Sequence[str]) -> float:
    """Tokens a second in a short run, the compiling first step left out."""
    kept = run.with_suffix(".json")
    if not kept.is_file():
        schedule = read_sections(config, overrides, PretrainConfig).schedule
        short = [
            f"schedule.tokens={(_MEASURED_STEPS + 1) * schedule.length * schedule.batch}",
            f"save_every={_MEASURED_STEPS}",
        ]
        _pretrain(config, run, [*overrides, "co_occurrence.tokens=0", *short])
        log = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        clock = "tokens_per_cpu_second" if "threads=1" in overrides else "tokens_per_second"
        kept.write_text(json.dumps(next(e[clock] for e in log if clock in e)))
    return float(json.loads(kept.read_text()))


def _pretrain(config: Path, run: Path, overrides: Sequence[str]) -> None:
    _share_text(run)
    command = [sys.executable, "-c", _MAIN, "pretrain", str(config), f"out={run}", *overrides, "--no-progress"]
    subprocess.run(command, check=True)


def _share_text(run: Path) -> None:
    """Let the run use the vocabulary and the tokenised text that the first run of all made."""
    run.mkdir(parents=True, exist_ok=True)
    made = sorted(run.parent.parent.glob("*/*/text/tokens.json"), key=lambda path: path.stat().st_mtime)
    for name in ("tokenizer", "text"):
        if made and not (run / name).exists():
            (run / name).symlink_to((made[0].parent.parent / name).resolve())


def finetuned(config: Path, encoder: Path, run: Path, common: Sequence[str]) -> Path:
    """The model that fine-tuning makes of an encoder; one that is there already is taken."""
    if not (run / "model").is_dir():
        command = [sys.executable, "-c", _MAIN, "train", str(config), f"out={run}", f"base={encoder.resolve()}"]
        subprocess.run([*command, *common, "--no-progress"], check=True)
    return run / "model"


def main(arguments: Sequence[str]) -> None:
    """Pre-train, fine-tune, score and print."""
    options = _options(arguments)
    common = [f"threads={options.threads}"] if options.threads else []
    gold = {path.resolve().parent.name: read_documents(path) for path in options.dev}
    found: dict[str, tuple[Arm, dict[str, Scores]]] = {}
    for name in options.arms:
        folder = options.out / name.replace(" ", "-").replace(",", "").replace("%", "")
        arm = pretrained(options.pretrain, ARMS[name], options.minutes * 60, folder, common)
        tuning = [*common, f"optimiser.epochs={options.epochs}", *options.set]
        model = finetuned(options.finetune, arm.encoder, folder / "fine-tuned", tuning)
        scores = {title: score(documents, predictions(str(model), documents)) for title, documents in gold.items()}
        found[name] = arm, scores
        (options.out / "objectives.json").write_text(json.dumps(_figures(found), indent=1))
    Console(width=None if sys.stdout.isatty() else 140).print(_table(found, options.minutes))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pretrain", type=Path)
    parser.add_argument("finetune", type=Path)
    parser.add_argument("--dev", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="overrides for the fine-tuning")
    parser.add_argument("--arms", nargs="+", choices=list(ARMS), default=list(ARMS))
    return parser.parse_args(arguments)


def _figures(found: Mapping[str, tuple[Arm, Mapping[str, Scores]]]) -> dict[str, Any]:
    return {
        name: {
            "tokens_per_second": arm.speed,
            "tokens": arm.tokens,
            "held_out_loss": arm.loss,
            "scores": {title: {"core": s.core_tag.f1, "tag": s.tag.f1} for title, s in scores.items()},
        }
        for name, (arm, scores) in found.items()
    }


def _table(found: Mapping[str, tuple[Arm, Mapping[str, Scores]]], minutes: float) -> Table:
    table = Table(title=f"{minutes:g} minutes of pre-training each, then fine-tuning", title_justify="left")
    titles = list(next(iter(found.values()))[1])
    scored = [f"{title}: {name}" for title in titles for name in ("core F1", "tag F1")]
    for column in ("arm", "tokens/s", "tokens, millions", *scored):
        table.add_column(column, justify="left" if column == "arm" else "right")
    for name, (arm, scores) in found.items():
        figures = [f"{value:.3f}" for title in titles for value in (scores[title].core_tag.f1, scores[title].tag.f1)]
        table.add_row(name, f"{arm.speed:,.0f}", f"{arm.tokens / 1e6:.1f}", *figures)
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
