"""What a run works on: inputs, folder and options, as planned and claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from warwire.model.archive.incoming import Damage
from warwire.model.archive.inputs import InputFile
from warwire.model.archive.options import ArchiveOptions
from warwire.model.archive.worker import WorkerSettings


@dataclass(frozen=True, slots=True)
class Plan:
    """The inputs in the order in which they are read, faults met while they were looked for, and what to make of them.

    `out` is claimed and locked by whoever made the plan.
    """

    out: Path
    files: Sequence[InputFile]
    damages: tuple[Damage, ...]
    options: ArchiveOptions

    @property
    def worker_settings(self) -> WorkerSettings:
        """What workers begin with; one thread each, so that their number changes nothing in the output."""
        options = self.options
        return WorkerSettings(self.out, options.model, options.back_end, options.device, options.vague, options.format)
