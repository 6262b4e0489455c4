"""How an archive run tells a person where it stands: a bar on a terminal, otherwise a line a minute."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

_LINE_EVERY: Final = 60.0
"""Seconds between lines in a log."""

_BYTES_A_WORD: Final = {"text": 6.0, "jsonl": 6.5, "csv": 6.3, "parquet": 2.5, "html": 60.0, "warc": 100.0}
_COMPRESSION: Final = 3.0
"""Usual ratio of news text under gzip or zstd."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands.

    Attributes:
        documents, rejected: so far, earlier runs counted.
        now: documents of this run alone, from which the rate is taken.
        share: of the inputs, in 0..1, by bytes; None where that is not known.
    """

    documents: int
    rejected: int
    now: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of an input file before it is read: bytes, kind, and whether it is compressed."""

    bytes: int
    kind: str
    compressed: bool


def share_read(sizes: Sequence[Size], file: int, words: int) -> float | None:
    """About which share of the inputs is read, in 0..1: files before `file` count whole, that one by its words so far.

    How many bytes a word takes is only a usual figure of each kind, so that a file is never counted whole before its
    end. None where no size is known.
    """
    total = sum(size.bytes for size in sizes)
    if not total or file >= len(sizes):
        return 1.0 if total else None
    here = sizes[file]
    told = words * _BYTES_A_WORD[here.kind] / (_COMPRESSION if here.compressed else 1)
    return (sum(size.bytes for size in sizes[:file]) + min(told, 0.99 * here.bytes)) / total


class Teller(Protocol):
    """Told where the run stands, whenever that changes."""

    def __call__(self, standing: Standing) -> None:
        """Show it, or not, as the kind of output asks."""


@contextmanager
def teller(*, shown: bool) -> Iterator[Teller]:
    """A progress bar on a terminal, lines a minute apart elsewhere; nothing at all when not `shown`."""
    if not shown:
        yield lambda standing: None
    elif sys.stderr.isatty():
        with _bar() as bar:
            yield bar
    else:
        yield _Lines()


class _Lines:
    def __init__(self) -> None:
        self._start = self._last = time.monotonic()

    def __call__(self, standing: Standing) -> None:
        now = time.monotonic()
        if now - self._last >= _LINE_EVERY:
            self._last = now
            print(f"warwire: {line(standing, now - self._start)}", file=sys.stderr, flush=True)


def line(standing: Standing, seconds: float) -> str:
    """One line for a log."""
    rate = standing.now / seconds if seconds > 0 else 0.0
    documents = f"{standing.documents:,} document{'' if standing.documents == 1 else 's'}"
    parts = [documents, f"{rate:,.1f}/s", f"{standing.rejected:,} rejected"]
    if standing.share is not None:
        parts.insert(1, f"{standing.share:.0%} of the input")
    return ", ".join(parts)


@contextmanager
def _bar() -> Iterator[Teller]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns: tuple[Any, ...] = (
        TextColumn("{task.fields[documents]:,} documents"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]:,.1f}/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rejected]:,} rejected"),
    )
    start = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, documents=0, rate=0.0, rejected=0)

        def show(standing: Standing) -> None:
            rate = standing.now / max(time.monotonic() - start, 1e-9)
            total = None if standing.share is None else 1.0
            told = {"documents": standing.documents, "rate": rate, "rejected": standing.rejected}
            fields: dict[str, Any] = {"total": total, "completed": standing.share or 0.0, **told}
            progress.update(task, **fields)

        yield show
