"""What an archive holds, shard by shard and in sum; a shard counts when its entry is there and its files are as told.

shards/shard-000042.json     one entry a shard, written after its files
rejected.jsonl               every rejection, in the order of the inputs
manifest.json                counts, job, digests: written last, when all shards are there
timings.jsonl, timings.json  how long it took: the only files that differ between two runs
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from warwire.annotations.errors import WarwireError
from warwire.model.archive.incoming import Damage, Rejection
from warwire.model.archive.job import FILE as JOB_FILE
from warwire.model.archive.job import Job, encode_job
from warwire.model.archive.records import without_surrogates
from warwire.model.archive.schema import TABLES
from warwire.model.archive.shards import ENTRIES, SUFFIXES, OutputError, ShardFile, commit, shard_path

FILE: Final = "manifest.json"
README: Final = "README.md"
REJECTED: Final = "rejected.jsonl"
TIMINGS: Final = "timings.json"
SHARD_TIMINGS: Final = "timings.jsonl"

Verify = Literal["size", "hash"]
Tell = Callable[[str], None]

_ABOUT: Final = """# An archive made by warwire

| file | one row |
|---|---|
| `documents/*.{suffix}` | a document: its text, spans and events |
| `rows/*.{suffix}` | an event |
| `attacks/*.{suffix}` | an attack, as one speaker tells it |
| `rejected.jsonl` | an input document that is not in these, and why |

A number that an event gives several times (the positions of two places) has the first in its column, and all in the
column of that name with `_all`. Texts of a role that has several are joined by `; `. What is not known is null.
Figures are as the texts give them, by every speaker, repeats and parts among them: they do not add up to totals.
`manifest.json` has the counts and the SHA-256 of each of these; how long it took is in `timings.json`.

```python
import duckdb, pandas, datasets

pandas.{pandas}
duckdb.sql("select type, speaker_side, count(*), min(count_min), max(count_min) from '{glob}' group by all")
datasets.load_dataset("{loader}", data_files="{glob}")
```

`warwire.model.archive.collect.read_archive` gives the documents as warwire's own.
"""
_OPENING: Final = {
    "parquet": ("parquet", 'read_parquet("rows")'),
    "jsonl": ("json", 'read_json("rows/shard-000000.jsonl", lines=True)'),
}

_COUNTS: Final = ("documents", "tagged", "rejected", "words", "spans", "events", "unread_dates")
_ENTRY_NAME: Final = re.compile(r"shard-([0-9]{6,})\.json")
_SHARD_NAME: Final = re.compile(rf"shard-[0-9]{{6,}}\.(?:{'|'.join(SUFFIXES.values())})")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the inputs: index of the file, from 0, and number of the last record read of it, 0 for none."""

    file: int
    number: int


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """What went into a shard and what came of it.

    Attributes:
        number: from 0.
        start: where in the inputs it begins.
        end: where the next one begins.
        documents: how many came in, rejected ones counted.
        tagged: how many are in the output.
        rejected: the others.
        damages: faults of files met on the way.
        files: what was written.
        words: of the texts, split at white space.
        spans: in the output.
        events: in the output.
        unread_dates: documents in the output whose date is in no form that is understood, and which have none.
        unread_date: the first of those dates, as written, cut.

    Raises:
        ValueError: the documents that came in are not those tagged and those rejected.
    """

    number: int
    start: Position
    end: Position
    documents: int
    tagged: int
    rejected: tuple[Rejection, ...]
    damages: tuple[Damage, ...]
    files: tuple[ShardFile, ...]
    words: int
    spans: int
    events: int
    unread_dates: int = 0
    unread_date: str | None = None

    def __post_init__(self) -> None:
        if self.documents != self.tagged + len(self.rejected):
            raise ValueError(
                f"shard {self.number}: {self.documents} documents in, "
                f"but {self.tagged} tagged and {len(self.rejected)} rejected"
            )


def write_entry(out: Path, entry: ShardEntry) -> None:
    """Enter a shard whose files are written: from now on it counts.

    Raises:
        OutputError: it cannot be written.
    """
    commit(out, entry_path(entry.number), [_json(entry)])


def entry_path(number: int) -> str:
    """The path of a shard's entry in an archive."""
    return f"{ENTRIES}/shard-{number:06d}.json"


def scan_entries(
    out: Path, verify: Verify = "size", tell: Tell | None = None, *, remove: bool = False
) -> Iterator[ShardEntry]:
    """The entries that count, one at a time and in order of their numbers; the others are told of.

    Args:
        out: the archive's folder.
        verify: what of a shard's files must be right: "size", or "hash" as well.
        tell: given a line for each entry that does not count.
        remove: whether these are removed, so that their shards are made again; only for the run that holds the lock.
    """
    folder = out / ENTRIES
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    for number, name in sorted((int(match[1]), name) for name in names if (match := _ENTRY_NAME.fullmatch(name))):
        entry, fault = _checked(out, number, folder / name, verify)
        if entry is not None:
            yield entry
            continue
        if tell:
            tell(f"{folder / name}: {fault}; " + ("the shard is made again" if remove else "the shard is left out"))
        if remove:
            (folder / name).unlink(missing_ok=True)


def finish(out: Path, job: Job, entries: Iterable[ShardEntry]) -> dict[str, Any]:
    """Write `rejected.jsonl`, `README.md` and, last, `manifest.json`; shard files of no entry are removed.

    Args:
        out: the archive's folder.
        job: what it was made from.
        entries: of all its shards, in order; they are read once, one at a time.

    Returns:
        The content of `manifest.json`.

    Raises:
        WarwireError: a shard is missing.
        OutputError: a file cannot be written.
    """
    total = _Total()
    rejected = commit(out, REJECTED, total.rejections(entries))
    _sweep(out, {file["path"] for shard in total.shards for file in shard["files"]})
    content = encode_job(job)
    files = [
        ShardFile(JOB_FILE, len(content), hashlib.sha256(content).hexdigest()),
        rejected,
        _write_readme(out, total),
    ]
    manifest = {
        "schema_version": job.schema_version,
        "counts": total.counts(),
        "rejected_by_code": dict(sorted(total.codes.items())),
        "damages": [msgspec.to_builtins(damage) for damage in total.damages],
        "job": msgspec.to_builtins(job),
        "files": [msgspec.to_builtins(file) for file in files],
        "shards": total.shards,
    }
    commit(out, FILE, [_json(manifest)])
    return manifest


def release(out: Path) -> bool:
    """Give a folder up in which no document is entered: what the run wrote is removed, and another job may claim it.

    Only for the run that holds the lock; whether it was given up.
    """
    if any(entry.documents for entry in scan_entries(out)):
        return False
    with suppress(OSError):
        _sweep(out, set())
        folder = out / ENTRIES
        for path in folder.iterdir() if folder.is_dir() else ():
            if _ENTRY_NAME.fullmatch(path.name):
                path.unlink(missing_ok=True)
        for name in (SHARD_TIMINGS, TIMINGS, JOB_FILE):
            (out / name).unlink(missing_ok=True)
    for name in (*TABLES, ENTRIES):
        with suppress(OSError):
            (out / name).rmdir()
    return True


def append_timing(out: Path, timing: Mapping[str, Any]) -> None:
    """Add a line to `timings.jsonl`: a shard's number and its seconds by stage, or whatever a run wants to keep."""
    try:
        with (out / SHARD_TIMINGS).open("ab") as file:
            file.write(msgspec.json.encode(timing) + b"\n")
    except OSError as error:
        raise OutputError(f"{out / SHARD_TIMINGS}: cannot be written: {(error.strerror or '').lower()}") from None


def write_timings(out: Path, timings: Mapping[str, Any]) -> None:
    """Write `timings.json`: times and rates of the run as a whole."""
    commit(out, TIMINGS, [_json(timings)])


class _Total:
    """The sum of the entries, taken while their rejections are written, so that these are never all in memory."""

    def __init__(self) -> None:
        self.shards: list[dict[str, Any]] = []
        self.codes: Counter[str] = Counter()
        self.damages: list[Damage] = []
        self._sums: Counter[str] = Counter()
        self._end = Position(0, 0)

    def rejections(self, entries: Iterable[ShardEntry]) -> Iterator[bytes]:
        """The lines of `rejected.jsonl`."""
        for entry in entries:
            self._add(entry)
            for rejection in entry.rejected:
                self.codes[rejection.code] += 1
                yield _rejected_line(rejection)

    def counts(self) -> dict[str, int]:
        """Of the archive; documents that came in are those tagged and those rejected."""
        sums = {name: self._sums[name] for name in _COUNTS}
        if sums["documents"] != sums["tagged"] + sums["rejected"] or sums["rejected"] != self.codes.total():
            raise WarwireError(f"the counts of the shards do not add up: {sums}; please report this")
        return {"shards": len(self.shards), **sums}

    def _add(self, entry: ShardEntry) -> None:
        if entry.number != len(self.shards) or entry.start != self._end:
            raise WarwireError(f"shard {len(self.shards)} is missing; give the same command again to make it")
        counts = {
            "documents": entry.documents,
            "tagged": entry.tagged,
            "rejected": len(entry.rejected),
            "words": entry.words,
            "spans": entry.spans,
            "events": entry.events,
            "unread_dates": entry.unread_dates,
        }
        self._sums.update(counts)
        self._end = entry.end
        self.damages += entry.damages
        files = [msgspec.to_builtins(file) for file in entry.files]
        self.shards.append({"number": entry.number, **counts, "files": files})


def _write_readme(out: Path, total: _Total) -> ShardFile:
    paths = (file["path"] for shard in total.shards for file in shard["files"])
    suffix = next(paths, "").rpartition(".")[2] or "parquet"
    loader, pandas = _OPENING[suffix]
    text = _ABOUT.format(suffix=suffix, loader=loader, pandas=pandas, glob=f"rows/*.{suffix}")
    return commit(out, README, [text.encode()])


def _rejected_line(rejection: Rejection) -> bytes:
    record = {
        "file": rejection.origin.file,
        "number": rejection.origin.number,
        "id": rejection.id,
        "stage": rejection.stage,
        "code": rejection.code,
        "reason": rejection.reason,
        "excerpt": rejection.excerpt,
    }
    shown = {key: without_surrogates(value) if isinstance(value, str) else value for key, value in record.items()}
    return msgspec.json.encode(shown) + b"\n"


def _checked(out: Path, number: int, path: Path, verify: Verify) -> tuple[ShardEntry | None, str]:
    """The entry, or None and what is wrong with it or with its shard."""
    try:
        entry = msgspec.convert(json.loads(path.read_bytes()), ShardEntry)
    except OSError as error:
        return None, f"cannot be read: {(error.strerror or str(error)).lower()}"
    except (ValueError, RecursionError) as error:
        return None, f"damaged: {' '.join(str(error).split())}"
    if entry.number != number:
        return None, f"is the entry of shard {entry.number}"
    if not _are_own(entry):
        return None, "names files that are not its shard's"
    fault = next((fault for file in entry.files if (fault := _fault(out, file, verify))), None)
    return (None, fault) if fault else (entry, "")


def _are_own(entry: ShardEntry) -> bool:
    """Whether the files are those of the entry's shard, all of one format; a shard without documents may have none."""
    if not entry.files:
        return entry.tagged == 0
    paths = [file.path for file in entry.files]
    return any(paths == [shard_path(table, entry.number, format) for table in TABLES] for format in SUFFIXES)


def _fault(out: Path, file: ShardFile, verify: Verify) -> str | None:
    try:
        with (out / file.path).open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(0)
            if size != file.size:
                return f"{file.path} has {size:,} bytes instead of {file.size:,}"
            if verify == "hash" and hashlib.file_digest(opened, "sha256").hexdigest() != file.sha256:
                return f"the bytes of {file.path} are not those that were written (its SHA-256 differs)"
    except FileNotFoundError:
        return f"{file.path} is missing"
    except OSError as error:
        return f"{file.path} cannot be read: {(error.strerror or str(error)).lower()}"
    return None


def _sweep(out: Path, known: set[str]) -> None:
    """Remove shard files that no entry names: a reader of all files of a folder would take them in."""
    for table in TABLES:
        if (out / table).is_dir():
            for path in (out / table).iterdir():
                if _SHARD_NAME.fullmatch(path.name) and f"{table}/{path.name}" not in known:
                    path.unlink(missing_ok=True)


def _json(value: Any) -> bytes:
    # ASCII: names of files that are no UTF-8 have lone surrogates, which no other encoding brings back.
    return json.dumps(msgspec.to_builtins(value), indent=1, ensure_ascii=True).encode("ascii") + b"\n"
