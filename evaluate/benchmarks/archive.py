"""Does an archive run grow linearly, in flat memory, and does one huge document hold up the others?

    python -m warwire.evaluate.benchmarks.archive --out runs/archive --sizes 1000 10000 100000
    python -m warwire.evaluate.benchmarks.archive --out runs/archive --sizes 2000 --giant 20

Articles are made up from sentences of our corpus, drawn anew for each (seeded). Each size is one run of
`warwire archive` with `--workers` processes; the memory is that of the whole tree of processes (proportional set size:
pages that several share are counted once), looked at twice a second. `--giant` puts a document of so many million
characters in the middle, in an input that is otherwise the same.
"""

import argparse
import json
import platform
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from rich.console import Console
from rich.table import Table

from warwire.annotations.jsonl import read_documents
from warwire.model.sentences import split_sentences

_MAIN: Final = "from warwire.model.main import main; main()"
_SENTENCES: Final = (6, 22)
"""Fewest and most sentences of an article."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: documents, seconds, greatest memory in bytes over the run and over its last half, figures by stage."""

    documents: int
    giant: bool
    seconds: float
    peak: int
    peak_first_half: int
    stages: dict[str, float]
    words: int

    @property
    def growth(self) -> float:
        """Greatest memory of the whole run over that of its first half."""
        return self.peak / max(self.peak_first_half, 1)


def articles(sentences: Sequence[str], count: int, seed: int = 0) -> Iterator[dict[str, str]]:
    """So many made-up articles."""
    chance = random.Random(seed)
    for number in range(count):
        drawn = chance.sample(sentences, chance.randint(*_SENTENCES))
        text = " ".join(drawn[:3]) + "\n\n" + " ".join(drawn[3:])
        yield {"id": f"made-{number:07d}", "date": f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}", "text": text}


def write_input(path: Path, sentences: Sequence[str], count: int, giant: int) -> None:
    """A JSONL file of made-up articles; unless `giant` is 0, with one of so many million characters in the middle."""
    encode = msgspec.json.encode
    with path.open("wb") as file:
        for number, article in enumerate(articles(sentences, count)):
            if giant and number == count // 2:
                chance = random.Random(1)
                text = ""
                parts: list[str] = []
                size = 0
                while size < giant * 1_000_000:
                    parts.append("\n\n".join([" ".join(chance.choices(sentences, k=5)) for _ in range(20)]))
                    size += len(parts[-1])
                text = "\n\n".join(parts)
                file.write(encode({"id": "giant", "date": "2024-01-01", "text": text}) + b"\n")
            file.write(encode(article) + b"\n")


def measure(source: Path, out: Path, workers: int, model: Path | None, documents: int, giant: bool) -> Measured:
    """One run of `warwire archive`, watched."""
    import psutil

    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-c", _MAIN, "archive", str(source), "--out", str(out), "--workers", str(workers)]
    command += ["--no-progress", *(["--model", str(model)] if model else [])]
    start = time.monotonic()
    process = subprocess.Popen(command)
    watched = psutil.Process(process.pid)
    seen: list[tuple[float, int]] = []
    while process.poll() is None:
        seen.append((time.monotonic() - start, _memory(watched)))
        time.sleep(0.5)
    seconds = time.monotonic() - start
    if process.returncode:
        raise SystemExit(f"warwire archive ended with exit code {process.returncode}")
    manifest = json.loads((out / "manifest.json").read_bytes())
    stages = json.loads((out / "timings.json").read_bytes())["worker_seconds"]
    peak = max(size for _, size in seen)
    first = max((size for at, size in seen if at < seconds / 2), default=peak)
    return Measured(documents, giant, seconds, peak, first, stages, manifest["counts"]["words"])


def _memory(process: Any) -> int:
    import psutil

    total = 0
    for one in [process, *_children(process)]:
        try:
            total += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def _children(process: Any) -> list[Any]:
    import psutil

    try:
        found: list[Any] = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return found


def main(arguments: Sequence[str]) -> None:
    """Make inputs, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("annotations/corpus/train.jsonl"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--giant", type=int, default=0, metavar="MB")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--model", type=Path)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    texts = [document.text for document in read_documents(options.corpus)]
    sentences = [text[s.start : s.end] for text in texts for s in split_sentences(text).items]
    found: list[Measured] = []
    for count in options.sizes:
        for giant in (0, options.giant) if options.giant else (0,):
            source = options.out / f"made-{count}{'-giant' if giant else ''}.jsonl"
            write_input(source, sentences, count, giant)
            out = options.out / source.stem
            found.append(measure(source, out, options.workers, options.model, count, bool(giant)))
            record = [{**msgspec.to_builtins(item), "machine": platform.processor()} for item in found]
            (options.out / "archive.json").write_bytes(msgspec.json.format(msgspec.json.encode(record)))
    Console(width=None if sys.stdout.isatty() else 120).print(_table(found, options.workers))


def _table(found: Sequence[Measured], workers: int) -> Table:
    table = Table(title=f"{workers} workers", title_justify="left")
    for column in ("documents", "words", "seconds", "documents/s", "ms/document", "peak MB", "peak/first half"):
        table.add_column(column, justify="right")
    for item in found:
        table.add_row(
            f"{item.documents:,}" + (" and a giant" if item.giant else ""),
            f"{item.words:,}",
            f"{item.seconds:.1f}",
            f"{item.documents / item.seconds:.1f}",
            f"{1000 * item.seconds / item.documents:.2f}",
            f"{item.peak / 1e6:.0f}",
            f"{item.growth:.2f}",
        )
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
