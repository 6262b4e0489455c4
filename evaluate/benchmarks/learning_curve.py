"""Would more articles help? The same training on a part of them, and what each part reaches.

    python -m warwire.evaluate.benchmarks.learning_curve train/configs/default.yaml \\
        --data annotations/corpus/test.jsonl --out runs/curve

Each part holds the smaller ones and whole stories only. A part of n in 100 is read sqrt(100 / n) times as often as the
whole, so that small parts are not judged by a training that is too short. Trained parts are kept and used again.
"""

import argparse
import hashlib
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from warwire.annotations.document import Document
from warwire.annotations.jsonl import read_documents, write_documents
from warwire.annotations.labels import LABELS
from warwire.annotations.splits import story_of
from warwire.evaluate.predictions import predictions
from warwire.evaluate.scores import Scores, score
from warwire.train.config import TrainConfig
from warwire.train.config_file import read_sections

SHARES: Final = (10, 25, 50, 100)
_MAIN: Final = "from warwire.model.main import main; main()"


def part(documents: Sequence[Document], share: int) -> list[Document]:
    """The stories of `share` in 100, drawn by a hash of their names, with all their documents."""

    def draw(story: str) -> int:
        return int.from_bytes(hashlib.sha256(f"curve/{story}".encode()).digest()[:4], "big") % 100

    return [document for document in documents if draw(story_of(document)) < share]


def train(config: Path, documents: Sequence[Document], share: int, out: Path, settings: Sequence[str]) -> Path:
    """The model of a training run on the documents; one that is there already is taken."""
    out.mkdir(parents=True, exist_ok=True)
    data, model = (out / "train.jsonl").resolve(), out / "run" / "model"
    write_documents(data, documents)
    if not model.is_dir():
        epochs = read_sections(config, settings, TrainConfig).optimiser.epochs * math.sqrt(100 / share)
        overrides = [*settings, f"out={out / 'run'}", f"data.train=[{data}]", f"optimiser.epochs={epochs:.2f}"]
        command = [sys.executable, "-c", _MAIN, "train", str(config), *overrides, "--no-progress"]
        subprocess.run(command, check=True)
    return model


def main(arguments: Sequence[str]) -> None:
    """Train, score and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shares", type=int, nargs="+", default=SHARES)
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="overrides of the configuration")
    options = parser.parse_args(arguments)
    whole = _training_documents(options.config)
    found: dict[int, dict[str, Scores]] = {}
    sizes: dict[int, int] = {}
    for share in options.shares:
        documents = part(whole, share)
        sizes[share] = len(documents)
        model = train(options.config, documents, share, options.out / str(share), options.set)
        gold = {path.name: read_documents(path) for path in options.data}
        found[share] = {name: score(those, predictions(str(model), those)) for name, those in gold.items()}
    (options.out / "curve.json").write_text(json.dumps({s: _figures(scores) for s, scores in found.items()}, indent=1))
    console = Console(width=None if sys.stdout.isatty() else 120)
    for path in options.data:
        console.print(_table(path.name, {share: scores[path.name] for share, scores in found.items()}, sizes))


def _training_documents(config: Path) -> list[Document]:
    names = read_sections(config, (), TrainConfig).data.train
    return [document for name in names for document in read_documents(config.parent / name)]


def _rows(scores: Scores) -> dict[str, float]:
    return {
        "core tag F1": scores.core_tag.f1,
        "tag F1": scores.tag.f1,
        "trigger F1": scores.trigger.f1,
        "argument F1": scores.argument.f1,
        "tuple F1": scores.events.tuples.f1,
        **{label: scores.tag_by_label[label].f1 for label in LABELS},
    }


def _figures(scores: dict[str, Scores]) -> dict[str, Any]:
    return {name: _rows(of_file) for name, of_file in scores.items()}


def _table(title: str, scores: dict[int, Scores], sizes: dict[int, int]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("score")
    for share in scores:
        table.add_column(f"{share}% ({sizes[share]})", justify="right")
    columns = [_rows(of_share) for of_share in scores.values()]
    for name in columns[0]:
        table.add_row(name, *(f"{column[name]:.3f}" for column in columns))
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
