"""Runs that make archives: the command, a job with its shards, and what of an archive two runs have in common."""

import sys
from dataclasses import replace
from pathlib import Path

from archive_documents import RAID

from warwire.model.archive.incoming import Damage, Origin, Rejection
from warwire.model.archive.job import Job, JobInput, claim
from warwire.model.archive.manifest import Position, ShardEntry, write_entry
from warwire.model.archive.shards import write_shard

COMMAND = [sys.executable, "-c", "from warwire.model.main import main; main()", "archive"]
JOB = Job(
    1,
    (JobInput("a.jsonl", 10, "a" * 64), JobInput("b\udcff.csv", 20, "b" * 64)),
    "made-up",
    "c" * 64,
    "int8",
    {
        "documents": None,
        "format": "jsonl",
        "read": {"encoding": None, "text": "text"},
        "shard": {"documents": 500},
        "vague": {"name": "guide", "dozens": 24},
    },
    {"python": "3.11", "warwire": "0.1.0"},
)
REJECTION = Rejection(Origin("b\udcff.csv", 2), "read", "broken-json", "nested too deeply", None, "[[[\ud83d")


def make_shard(out: Path, number: int, format: str = "jsonl", *rejected: Rejection) -> ShardEntry:
    files = write_shard(out, number, [replace(RAID, id=f"d{number}")], format)
    start, end = Position(0, number), Position(0, number + 1)
    entry = ShardEntry(
        number, start, end, 1 + len(rejected), 1, rejected, (Damage("a.jsonl", "cut", "the end is missing"),), files,
        words=9, spans=9, events=2,
    )  # fmt: skip
    write_entry(out, entry)
    return entry


def make_archive(out: Path, format: str = "jsonl") -> list[ShardEntry]:
    out.mkdir()
    claim(out, JOB)
    return [make_shard(out, 0, format, REJECTION), make_shard(out, 1, format), make_shard(out, 2, format)]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def archive_of(folder: Path) -> dict[str, bytes]:
    """Every file of an archive whose bytes must be the same in all runs."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(("timings", ".")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}
