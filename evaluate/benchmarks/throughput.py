"""Words per second from articles to event tuples, beside other taggers on the same documents and cores.

    pip install 'warwire[peers]'
    python -m warwire.evaluate.benchmarks.throughput --data annotations/corpus/dev.jsonl \\
        --spacy runs/peers/spacy-1/model-best --documents 100 --threads 2

All contenders run in one go. A first pass over a part of the documents finds the best setting of each; then the
repeats are interleaved, so that a busy minute of the machine meets them all, and the fastest repeat counts. Ours does
the whole path to normalised tuples with each back end, and once tags alone; the others only tag. Further tables: where
our time goes, and how near the network comes to the machine's own rate at its matrix shapes.
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from warwire.annotations.document import Document
from warwire.annotations.jsonl import read_documents
from warwire.evaluate.benchmarks.gemm import rates
from warwire.evaluate.benchmarks.throughput_peers import Setting, gliner_small, spacy_ner, transformers_pipeline
from warwire.model.assemble import assemble
from warwire.model.bundle import DEFAULT_FOLDER, ONNX
from warwire.model.extractor import Extractor, load_extractor
from warwire.model.normalise.fields import normalise, read_document
from warwire.model.tagger import spans_of
from warwire.model.windows import encode_batch

OURS: Final = "warwire, whole path"
BACK_ENDS: Final = ("int8", "openvino")
PEERS: Final = ("pipeline", "spacy", "gliner")
_TRIAL: Final = 6
"""The part of the documents (one in so many) on which settings are compared."""
_CHUNK: Final = 16
"""Documents given to a worker process at once."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The fastest repeat of a contender: wall and processor seconds for `words` words; `of` all repeats' rates."""

    contender: str
    setting: str
    words: int
    wall: float
    cpu: float
    repeats: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Words per second of wall time."""
        return self.words / self.wall


# --- our own path ----------------------------------------------------------------------------------------------------

_worker: Extractor | None = None


@contextmanager
def ours(model: Path, threads: int, back_ends: Sequence[str]) -> Iterator[list[Setting]]:
    """The whole path in one process a thread, as the archive runner has it, with each back end, and tags alone.

    The first back end is also tried in this process on all threads.
    """
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        settings = []
        for back_end in back_ends:
            pool = stack.enter_context(context.Pool(threads, _start_worker, (model, back_end)))
            setting = f"{threads} processes, 1 thread each"
            settings += [
                Setting(f"{OURS}, {back_end}", setting, partial(_in_workers, pool, _extract)),
                Setting(f"warwire, tags alone, {back_end}", setting, partial(_in_workers, pool, _tag)),
            ]
        extractor = load_extractor(model, back_ends[0], threads=threads)
        alone = Setting(f"{OURS}, {back_ends[0]}, one process", f"{threads} threads", partial(_drained, extractor))
        yield [*settings, alone]


_elsewhere: list[float] = []
"""Processor seconds of the worker processes since the last measurement."""


def _in_workers(pool: Any, work: Callable[[Sequence[Document]], float], documents: Sequence[Document]) -> None:
    chunks = [documents[i : i + _CHUNK] for i in range(0, len(documents), _CHUNK)]
    for seconds in pool.imap(work, chunks):
        _elsewhere.append(seconds)


def _start_worker(model: Path, back_end: str) -> None:
    global _worker
    _worker = load_extractor(model, back_end, threads=1)


def _extract(documents: Sequence[Document]) -> float:
    assert _worker is not None
    start = time.process_time()
    _drained(_worker, documents)
    return time.process_time() - start


def _tag(documents: Sequence[Document]) -> float:
    assert _worker is not None
    start = time.process_time()
    _worker.tagger.tag([document.text for document in documents])
    return time.process_time() - start


def _drained(extractor: Extractor, documents: Sequence[Document]) -> None:
    _drain(extractor.extract_documents(documents))


def _drain(items: Any) -> None:
    for _ in items:
        pass


def time_split(extractor: Extractor, documents: Sequence[Document], repeats: int) -> dict[str, float]:
    """Processor seconds of each stage of our path over the documents, the least of the repeats."""
    tagger, texts = extractor.tagger, [document.text for document in documents]
    best: dict[str, float] = {}

    def clocked(stage: str, work: Callable[..., Any], *given: Any) -> Any:
        start = time.process_time()
        result = work(*given)
        best[stage] = min(best.get(stage, float("inf")), time.process_time() - start)
        return result

    for _ in range(repeats):
        encodings = clocked("tokenise", encode_batch, texts, tagger.bundle.tokenizer)
        logits = clocked("network", tagger.logits, encodings)
        spans = clocked("decode", lambda: list(map(spans_of, texts, encodings, logits)))  # noqa: B023
        tagged = [replace(d, spans=s, events=()) for d, s in zip(documents, spans, strict=True)]
        events = clocked("assemble", lambda: list(map(assemble, tagged)))  # noqa: B023
        clocked("normalise", lambda: list(map(_normalised, events)))  # noqa: B023
    # Assembling normalises as it goes; normalising the finished events once more tells its share.
    best["assemble"] = max(0.0, best["assemble"] - best["normalise"])
    return best


def _normalised(document: Document) -> list[Any]:
    readings = read_document(document)
    return [normalise(readings, event) for event in document.events]


# --- measuring -------------------------------------------------------------------------------------------------------


def measure(settings: Sequence[Setting], documents: Sequence[Document], repeats: int) -> list[Measured]:
    """The best setting of each contender, in interleaved repeats over all documents."""
    trial = documents[::_TRIAL]
    found: dict[str, tuple[float, Setting]] = {}
    for setting in settings:
        some = trial[:: setting.part]
        setting.run(some[:2])
        seconds, _ = _clock(setting, some)
        if setting.contender not in found or seconds < found[setting.contender][0]:
            found[setting.contender] = (seconds, setting)
    chosen = [setting for _, setting in found.values()]
    times: dict[str, list[tuple[float, float]]] = {setting.contender: [] for setting in chosen}
    for _ in range(repeats):
        for setting in chosen:
            times[setting.contender].append(_clock(setting, documents[:: setting.part]))
    return [_fastest(setting, times[setting.contender], documents[:: setting.part]) for setting in chosen]


def _fastest(setting: Setting, times: Sequence[tuple[float, float]], documents: Sequence[Document]) -> Measured:
    words = sum(len(document.text.split()) for document in documents)
    wall, cpu = min(times)
    return Measured(
        setting.contender, setting.setting, words, wall, cpu, tuple(words / seconds for seconds, _ in times)
    )


def _clock(setting: Setting, documents: Sequence[Document]) -> tuple[float, float]:
    """Wall and processor seconds of one run, those of child processes counted in."""
    _elsewhere.clear()
    wall, cpu, children = time.perf_counter(), time.process_time(), _children()
    setting.run(documents)
    used = time.process_time() - cpu + _children() - children + sum(_elsewhere)
    return time.perf_counter() - wall, used


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def machine(threads: int) -> dict[str, str]:
    """The processor, the cores used, and the versions that matter."""
    names = ("onnxruntime", "tokenizers", "numpy", "torch", "transformers", "spacy", "gliner")
    return {
        "processor": _processor(),
        "cores": f"{threads} of {os.cpu_count()}",
        "python": platform.python_version(),
    } | {name: found for name in names if (found := _version(name))}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


# --- report ----------------------------------------------------------------------------------------------------------


def report(options: argparse.Namespace) -> dict[str, Any]:
    """All measurements as plain values."""
    documents = [replace(d, spans=(), events=()) for path in options.data for d in read_documents(path)]
    step = max(1, len(documents) // options.documents) if options.documents else 1
    documents = documents[::step][: options.documents or None]
    model = options.model or DEFAULT_FOLDER
    with ExitStack() as stack:
        settings = list(stack.enter_context(ours(model, options.threads, options.back_ends)))
        if "pipeline" in options.peers:
            settings += stack.enter_context(transformers_pipeline(model, options.threads))
        if "spacy" in options.peers:
            settings += stack.enter_context(spacy_ner(options.spacy, documents))
        if "gliner" in options.peers:
            settings += stack.enter_context(gliner_small(model, options.threads))
        measured = measure(settings, documents, options.repeats)
    splits = {
        back_end: time_split(load_extractor(model, back_end, threads=1), documents, options.repeats)
        for back_end in options.back_ends
    }
    extractor = load_extractor(model, "int8", threads=1)
    encodings = encode_batch([d.text for d in documents], extractor.tagger.bundle.tokenizer)
    tokens = sum(len(encoding.ids) for encoding in encodings)
    found = rates(model / ONNX["int8"], extractor.tagger.bundle.manifest.window)
    return {
        "machine": machine(options.threads),
        "documents": len(documents),
        "words": sum(len(document.text.split()) for document in documents),
        "tokens": tokens,
        "contenders": [asdict(m) | {"rate": m.rate, "ours to it": _ratios(measured, m)} for m in measured],
        "cpu seconds by stage": splits,
        "gemm": [
            {"kind": r.kind, "giga operations/s": r.giga}
            | {f"share of {name}": r.seconds * tokens / split["network"] for name, split in splits.items()}
            for r in found
        ],
    }


def _ratios(measured: Sequence[Measured], other: Measured) -> dict[str, float]:
    """How many times as fast our whole path is with each back end."""
    start = f"{OURS}, "
    ours = {m.contender.removeprefix(start): m for m in measured if m.contender.startswith(start)}
    return {name: m.rate / other.rate for name, m in ours.items() if name in BACK_ENDS}


def _tables(found: dict[str, Any]) -> Iterator[Table]:
    stages = found["cpu seconds by stage"]
    times = [f"{back_end} is times as fast" for back_end in stages]
    speed = _table("words/s", "contender", "setting", "words/s", "words/s of one core", *times)
    for row in found["contenders"]:
        own = row["words"] / row["cpu"]
        ratios = [f"{row['ours to it'][back_end]:.2f}" for back_end in stages]
        speed.add_row(row["contender"], row["setting"], f"{row['rate']:,.0f}", f"{own:,.0f}", *ratios)
    yield speed
    for back_end, seconds_of in stages.items():
        total = sum(seconds_of.values())
        split = _table(f"our path on one core, {back_end}", "stage", "ms/document", "share")
        for stage, seconds in seconds_of.items():
            split.add_row(stage, f"{seconds / found['documents'] * 1000:.2f}", f"{seconds / total:.0%}")
        yield split
    shares = [f"share of network time, {back_end}" for back_end in stages]
    gemm = _table("matrix products at the model's shapes, one core", "kind", "10^9 operations/s", *shares)
    for row in found["gemm"]:
        reached = [f"{row[f'share of {back_end}']:.0%}" for back_end in stages]
        gemm.add_row(row["kind"], f"{row['giga operations/s']:,.0f}", *reached)
    yield gemm


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 or column == "setting" else "right")
    return table


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--model", type=Path, help="model folder with weights; the embedded default without it")
    parser.add_argument("--spacy", type=Path, help="a trained spaCy pipeline; without it, random weights")
    parser.add_argument("--documents", type=int, default=100, help="how many, spread over the data; 0 for all")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=PEERS)
    parser.add_argument("--back-ends", nargs="+", default=list(BACK_ENDS), choices=BACK_ENDS)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args(arguments)
    found = report(options)
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(", ".join(f"{name} {value}" for name, value in found["machine"].items()))
    console.print(f"{found['documents']} documents, {found['words']:,} words, {found['tokens']:,} tokens")
    for table in _tables(found):
        console.print(table)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
