"""`warwire archive`."""

import os
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from warwire.annotations.errors import InputError
from warwire.annotations.record import is_iso_date

app = typer.Typer(help="Read archives.", add_completion=False)


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

InputsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Folders, files, patterns or addresses (s3://...) of text, HTML, JSONL, CSV, Parquet or WARC.",
    ),
]
OutOption = Annotated[Path, typer.Option(help="Folder to write; the same command goes on in it after a stop.")]
ModelOption = Annotated[Path | None, typer.Option(help="Model folder; without it the embedded default.")]
BackEndOption = Annotated[str | None, typer.Option(help="int8 or fp32 (ONNX Runtime), openvino, or torch.")]
DeviceOption = Annotated[str, typer.Option(help="For torch: cpu, cuda, cuda:1.")]
FormatOption = Annotated[ShardFormat, typer.Option("--format", "-f", help="Of the shards.")]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Processes; as many as cores if not given.")]
EngineOption = Annotated[Engine, typer.Option(help="local, or ray for a cluster.")]
KindOption = Annotated[Kind | None, typer.Option(help="Of all inputs, where their names do not tell.")]
TextFieldOption = Annotated[str, typer.Option(rich_help_panel=_FIELDS)]
IdFieldOption = Annotated[str, typer.Option(rich_help_panel=_FIELDS)]
DateFieldOption = Annotated[str, typer.Option(rich_help_panel=_FIELDS)]
TitleFieldOption = Annotated[str, typer.Option(rich_help_panel=_FIELDS)]
SourceFieldOption = Annotated[str, typer.Option(rich_help_panel=_FIELDS)]
EncodingOption = Annotated[str | None, typer.Option(help="Of text files that are no UTF-8.", rich_help_panel=_FIELDS)]
DelimiterOption = Annotated[str | None, typer.Option(help="Between CSV columns.", rich_help_panel=_FIELDS)]
DateOption = Annotated[
    str | None, typer.Option(help="Day of publication where a document has none.", rich_help_panel=_FIELDS)
]
VagueOption = Annotated[str, typer.Option(help="What dozens and the like come to: guide, acled, or a TSV file.")]
DuplicatesOption = Annotated[Duplicates, typer.Option(help="Of ids: reject the later ones, or keep all.")]
LimitOption = Annotated[int | None, typer.Option(min=1, help="Read only the first so many documents.")]
ShardDocumentsOption = Annotated[int, typer.Option(min=1, help="Documents a shard.", rich_help_panel=_LIMITS)]
MaxBytesOption = Annotated[int, typer.Option(min=1, help="Largest record that is read.", rich_help_panel=_LIMITS)]
MaxCharactersOption = Annotated[
    int, typer.Option(min=1, help="Longest document that is read.", rich_help_panel=_LIMITS)
]
PatienceOption = Annotated[
    float, typer.Option(min=1, help="Seconds until an article is given up.", rich_help_panel=_LIMITS)
]
MaxRejectRateOption = Annotated[
    float,
    typer.Option(min=0, max=1, help="Exit code 3 when a larger share is rejected.", rich_help_panel=_LIMITS),
]
AllowDamageOption = Annotated[
    bool, typer.Option(help="No exit code 3 for inputs that are cut off or torn.", rich_help_panel=_LIMITS)
]
DryRunOption = Annotated[bool, typer.Option(help="Count, estimate from a sample, and write nothing.")]
ProgressOption = Annotated[bool, typer.Option(help="Show progress.")]


@app.command("archive", epilog="Example: warwire archive news/*.jsonl.gz --out tuples --workers 2")
def archive_cli(
    inputs: InputsArgument,
    out: OutOption,
    model: ModelOption = None,
    back_end: BackEndOption = None,
    device: DeviceOption = "cpu",
    format: FormatOption = ShardFormat.parquet,
    workers: WorkersOption = None,
    engine: EngineOption = Engine.local,
    kind: KindOption = None,
    text_field: TextFieldOption = "text",
    id_field: IdFieldOption = "id",
    date_field: DateFieldOption = "date",
    title_field: TitleFieldOption = "title",
    source_field: SourceFieldOption = "source",
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    date: DateOption = None,
    vague: VagueOption = "guide",
    duplicates: DuplicatesOption = Duplicates.reject,
    limit: LimitOption = None,
    shard_documents: ShardDocumentsOption = 500,
    max_bytes: MaxBytesOption = 64_000_000,
    max_characters: MaxCharactersOption = 22_000_000,
    patience: PatienceOption = 120.0,
    max_reject_rate: MaxRejectRateOption = 1.0,
    allow_damage: AllowDamageOption = False,
    dry_run: DryRunOption = False,
    progress: ProgressOption = True,
) -> None:
    """Read whole archives into tables, restartable at any moment, with nothing lost and nothing twice.

    Exit codes: 0 done; 1 stopped by a fault such as a full disk; 2 bad input; 3 done, but an input is damaged, too
    many documents were rejected, or none was read; 130 and 143 interrupted. After 1, 130, 143 or a kill the same
    command goes on.
    """
    if date is not None and not is_iso_date(date):
        raise InputError(f"--date {date!r} is no day like 2024-03-02")
    from warwire.model.archive.archive import archive, dry
    from warwire.model.archive.cut import ShardLimits
    from warwire.model.archive.inputs import ReadOptions
    from warwire.model.archive.options import ArchiveOptions, RunOptions
    from warwire.model.archive.summary import print_estimate, print_summary
    from warwire.model.normalise.vague import vague_table

    read = ReadOptions(
        text_field, id_field, date_field, title_field, source_field, encoding, delimiter, max_bytes, published=date
    )
    name, shard = kind.value if kind else None, ShardLimits(documents=shard_documents)
    output = format.value, vague_table(vague), read, name, shard, limit, duplicates.value, max_characters
    options = ArchiveOptions(model, back_end, device, *output)
    how = RunOptions(workers or os.cpu_count() or 1, patience, progress, engine.value)
    if dry_run:
        print_estimate(dry(inputs, options), how.workers)
        return
    result = archive(inputs, out, options, how)
    print_summary(result, sys.stderr)
    if code := result.exit_code(max_reject_rate, allow_damage=allow_damage):
        raise typer.Exit(code)
