"""What a person is told at the end of an archive run, and of a dry run."""

import sys
from collections.abc import Iterator
from typing import TextIO

from warwire.model.archive.archive import Result
from warwire.model.archive.estimate import Estimate

_SHOWN: int = 5


def print_summary(result: Result, file: TextIO) -> None:
    """A few lines: what was read, what was rejected and why, where the output is, how long it took."""
    for line in summary(result):
        print(line, file=file)


def summary(result: Result) -> Iterator[str]:
    """The lines of the summary."""
    counts = result.totals
    what = f"{_number(counts.documents, 'document')} in: {counts.tagged:,} read, {counts.rejected:,} rejected"
    yield what if result.complete else f"{what} so far; the same command goes on"
    yield from (f"  {number:,} {code}" for code, number in counts.codes[:_SHOWN])
    damages = counts.damages
    yield from (f"  {damage.file}: {damage.reason}" for damage in damages[:_SHOWN])
    if len(damages) > _SHOWN:
        yield f"  and {len(damages) - _SHOWN} more damages, see rejected.jsonl"
    if counts.unread_dates:
        dates, example = _number(counts.unread_dates, "date"), _printable(counts.unread_date or "")
        yield f"  {dates} not understood, e.g. '{example}': read without one; write them like 2024-03-02"
    if counts.documents and not counts.tagged and result.complete:
        yield "nothing was read: every document was rejected, see rejected.jsonl"
    found = (_number(counts.events, "event"), _number(counts.spans, "span"), _number(counts.words, "word"))
    yield f"{', '.join(found)}: {result.out}"
    run = result.run
    if run.documents:
        rate = run.documents / max(run.seconds, 1e-9)
        busy = sum(run.stages.values())
        shares = ", ".join(f"{stage} {seconds / busy:.0%}" for stage, seconds in run.stages.items() if busy)
        yield f"{_duration(run.seconds)}, {rate:,.1f} documents/s" + (f" ({shares})" if shares else "")


def print_estimate(found: Estimate, workers: int) -> None:
    """The counts of a dry run and what the whole would take."""
    print(f"{_number(found.files, 'file')}, {_size(found.bytes)}")
    documents, words = _number(found.documents, "document"), _number(found.words, "word")
    print(f"{documents}, {found.rejected:,} of them unreadable; {words}")
    for damage in found.damages[:_SHOWN]:
        print(f"  {damage.file}: {damage.reason}", file=sys.stderr)
    if found.sampled:
        spread = f"{workers} worker{'s' * (workers > 1)}"
        print(
            f"about {_duration(found.seconds / workers)} with {spread} and {_size(found.output_bytes)} of output, "
            f"estimated from {_number(found.sampled, 'document')} read here"
        )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes / 60:,.1f} h"


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:,.0f} {unit}" if unit == "bytes" else f"{count:,.1f} {unit}"
        count /= 1000
    raise AssertionError
