"""`warwire archive`."""

import os
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from warwire.annotations.errors import InputError
from warwire.annotations.record import is_iso_date

app = typer.Typer(help="Read archives.")


class ShardFormat(str, Enum):  # noqa: UP042
    """Formats of the shards."""

    parquet = "parquet"
    jsonl = "jsonl"


class Duplicates(str, Enum):  # noqa: UP042
    """What becomes of a document whose id another one has had."""

    reject = "reject"
    keep = "keep"


class Engine(str, Enum):  # noqa: UP042
    """What spreads the work."""

    local = "local"
    ray = "ray"


class Kind(str, Enum):  # noqa: UP042
    """Kinds of input files."""

    text = "text"
    html = "html"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    warc = "warc"


_FIELDS = "Fields of the input"
_LIMITS = "Limits"


@app.command("archive", epilog="Example: warwire archive news/*.jsonl.gz --out tuples --workers 2")
def archive_cli(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Folders, files, patterns or addresses (s3://...) of text, HTML, JSONL, CSV, Parquet or WARC.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder to write; the same command goes on in it after a stop.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; without it the embedded default.")] = None,
    back_end: Annotated[str | None, typer.Option(help="int8 or fp32 (ONNX Runtime), or torch.")] = None,
    device: Annotated[str, typer.Option(help="For torch: cpu, cuda, cuda:1.")] = "cpu",
    format: Annotated[ShardFormat, typer.Option("--format", "-f", help="Of the shards.")] = ShardFormat.parquet,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores if not given.")] = None,
    engine: Annotated[Engine, typer.Option(help="local, or ray for a cluster.")] = Engine.local,
    kind: Annotated[Kind | None, typer.Option(help="Of all inputs, where their names do not tell.")] = None,
    text_field: Annotated[str, typer.Option(rich_help_panel=_FIELDS)] = "text",
    id_field: Annotated[str, typer.Option(rich_help_panel=_FIELDS)] = "id",
    date_field: Annotated[str, typer.Option(rich_help_panel=_FIELDS)] = "date",
    title_field: Annotated[str, typer.Option(rich_help_panel=_FIELDS)] = "title",
    source_field: Annotated[str, typer.Option(rich_help_panel=_FIELDS)] = "source",
    encoding: Annotated[
        str | None, typer.Option(help="Of text files that are no UTF-8.", rich_help_panel=_FIELDS)
    ] = None,
    delimiter: Annotated[str | None, typer.Option(help="Between CSV columns.", rich_help_panel=_FIELDS)] = None,
    date: Annotated[
        str | None, typer.Option(help="Day of publication where a document has none.", rich_help_panel=_FIELDS)
    ] = None,
    vague: Annotated[
        str, typer.Option(help="What dozens and the like come to: guide, acled, or a TSV file.")
    ] = "guide",
    duplicates: Annotated[
        Duplicates, typer.Option(help="Of ids: reject the later ones, or keep all.")
    ] = Duplicates.reject,
    limit: Annotated[int | None, typer.Option(min=1, help="Read only the first so many documents.")] = None,
    shard_documents: Annotated[int, typer.Option(min=1, help="Documents a shard.", rich_help_panel=_LIMITS)] = 500,
    max_bytes: Annotated[
        int, typer.Option(min=1, help="Largest record that is read.", rich_help_panel=_LIMITS)
    ] = 64_000_000,
    max_characters: Annotated[
        int, typer.Option(min=1, help="Longest document that is read.", rich_help_panel=_LIMITS)
    ] = 5_000_000,
    patience: Annotated[
        float, typer.Option(min=1, help="Seconds until an article is given up.", rich_help_panel=_LIMITS)
    ] = 120.0,
    max_reject_rate: Annotated[
        float,
        typer.Option(min=0, max=1, help="Exit code 3 when a larger share is rejected.", rich_help_panel=_LIMITS),
    ] = 1.0,
    allow_damage: Annotated[
        bool, typer.Option(help="No exit code 3 for inputs that are cut off or torn.", rich_help_panel=_LIMITS)
    ] = False,
    dry_run: Annotated[bool, typer.Option(help="Count, estimate from a sample, and write nothing.")] = False,
    progress: Annotated[bool, typer.Option(help="Show progress.")] = True,
) -> None:
    """Read whole archives into tables, restartable at any moment, with nothing lost and nothing twice.

    Exit codes: 0 done; 1 stopped by a fault such as a full disk; 2 bad input; 3 done, but an input is damaged or too
    many documents were rejected; 130 and 143 interrupted. After 1, 130, 143 or a kill the same command goes on.
    """
    if date is not None and not is_iso_date(date):
        raise InputError(f"--date {date!r} is no day like 2024-03-02")
    from warwire.model.archive.archive import archive, dry
    from warwire.model.archive.cut import ShardLimits
    from warwire.model.archive.inputs import ReadOptions
    from warwire.model.archive.options import ArchiveOptions, RunOptions
    from warwire.model.archive.summary import print_estimate, print_summary
    from warwire.model.normalise.vague import vague_table

    fields = text_field, id_field, date_field, title_field, source_field
    read = ReadOptions(*fields, encoding, delimiter, max_bytes, published=date)
    options = ArchiveOptions(
        model,
        back_end,
        device,
        format.value,
        vague_table(vague),
        read,
        kind.value if kind else None,
        ShardLimits(documents=shard_documents),
        limit,
        duplicates.value,
        max_characters,
    )
    how = RunOptions(workers or os.cpu_count() or 1, patience, progress, engine.value)
    if dry_run:
        print_estimate(dry(inputs, options), how.workers)
        return
    result = archive(inputs, out, options, how)
    print_summary(result, sys.stderr)
    code = result.exit_code(max_reject_rate, allow_damage=allow_damage)
    if code:
        raise typer.Exit(code)
