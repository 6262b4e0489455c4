"""What a user asks of an archive run."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from warwire.model.archive.cut import ShardLimits
from warwire.model.archive.inputs import ReadOptions
from warwire.model.normalise.vague import GUIDE, VagueTable

FORMATS: Final = ("parquet", "jsonl")
DUPLICATES: Final = ("reject", "keep")
LONGEST: Final = 22_000_000


@dataclass(frozen=True, slots=True)
class ArchiveOptions:
    """The options that decide what is in the output; the same ones give the same bytes.

    Attributes:
        model: folder; None is the embedded default.
        back_end: int8, fp32, openvino or torch; None takes what the model has.
        device: for torch.
        format: of the shards, one of `FORMATS`.
        vague: what *dozens* and the like come to.
        read: fields, encoding, limits of the inputs.
        kind: of all inputs, where their names do not tell.
        limits: of a shard.
        documents: read only the first so many.
        duplicates: what becomes of a document whose id another one has had, one of `DUPLICATES`.
        longest: code points of the longest document that is read; writing it takes some 20 bytes a code point.
    """

    model: Path | None = None
    back_end: str | None = None
    device: str = "cpu"
    format: str = "parquet"
    vague: VagueTable = GUIDE
    read: ReadOptions = field(default_factory=ReadOptions)
    kind: str | None = None
    limits: ShardLimits = field(default_factory=ShardLimits)
    documents: int | None = None
    duplicates: str = "reject"
    longest: int = LONGEST


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options that decide only how the work is done.

    Attributes:
        workers: processes that read.
        patience: seconds after which an article is given up, a long one later.
        progress: whether to show any.
        engine: "local", or "ray" for a cluster.
    """

    workers: int
    patience: float = 120.0
    progress: bool = True
    engine: str = "local"
