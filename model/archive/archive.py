"""A whole archive run: plan, claim the folder, make what is missing, finish.

inputs ─► job ─► lock ─► verified entries ─► engine ─► rejected.jsonl, manifest.json
"""

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from warwire.annotations.errors import InputError
from warwire.model.archive.book import Run
from warwire.model.archive.entered import Totals, entered, totals
from warwire.model.archive.estimate import Estimate, estimate
from warwire.model.archive.inputs import InputFile, plan_inputs
from warwire.model.archive.job import Job, JobInput, claim, job_of
from warwire.model.archive.lock import locked
from warwire.model.archive.manifest import finish, release, scan_entries, write_timings
from warwire.model.archive.options import ArchiveOptions, RunOptions
from warwire.model.archive.plan import Plan
from warwire.model.archive.preflight import checked_model
from warwire.model.archive.progress import teller
from warwire.model.archive.runner import run
from warwire.model.archive.seen_ids import open_seen_ids, remove_seen_ids
from warwire.model.archive.shards import remove_leftovers
from warwire.model.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Result:
    """An archive after a run; not `complete` when a signal ended it early."""

    out: Path
    run: Run
    complete: bool

    @property
    def totals(self) -> Totals:
        """The sums over all shards, those of earlier runs included."""
        return totals(self.run.shards)

    def exit_code(self, max_reject_rate: float, *, allow_damage: bool) -> int:
        """0, or 3 for damaged inputs, too many rejections or nothing read, or 128 and the signal that ended the run."""
        if self.run.signal:
            return 128 + self.run.signal
        found = self.totals
        too_many = found.rejected > max_reject_rate * found.documents
        return 3 if too_many or not found.tagged or (found.damages and not allow_damage) else 0


def archive(inputs: Sequence[str], out: Path, options: ArchiveOptions, how: RunOptions) -> Result:
    """Read the inputs into a folder; go on where an earlier run of the same job stopped.

    Raises:
        InputError: nothing to read, options that cannot be met, a folder of another job, a folder in use; a folder
            without any document read or rejected is left unclaimed.
        ArchiveStoppedError: a fault that concerns all documents, such as a full disk; what is done is kept.
    """
    bundle, back_end = checked_model(options, how.engine)
    files, damages = plan_inputs(inputs, options.kind)
    _refuse_output_as_input(files, out)
    job = _job(files, options, bundle, back_end)
    with locked(out):
        claim(out, job)
        try:
            result = _run(Plan(out, files, damages, options), how)
            if not result.totals.documents and result.complete:
                raise InputError(_nothing_in(inputs[0], result))
        except InputError:
            # With nothing entered, the command that is put right may want other options.
            if release(out):
                remove_seen_ids(out)
            raise
        if result.complete:
            finish(out, job, scan_entries(out))
            remove_seen_ids(out)
        write_timings(out, timings(result.run, how))
    return result


def dry(inputs: Sequence[str], options: ArchiveOptions) -> Estimate:
    """Count the inputs and estimate what reading them takes; nothing is written.

    Raises:
        InputError: nothing to read, or options that cannot be met.
    """
    checked_model(options)
    files, _ = plan_inputs(inputs, options.kind, digest=False)
    return estimate(files, options)


def timings(found: Run, how: RunOptions) -> dict[str, Any]:
    """How long a run took, for `timings.json`; its own documents alone, not those of earlier runs."""
    return {
        "documents": found.documents,
        "seconds": round(found.seconds, 3),
        "documents_per_second": round(found.documents / max(found.seconds, 1e-9), 3),
        "workers": how.workers,
        "engine": how.engine,
        "worker_seconds": {stage: round(seconds, 3) for stage, seconds in found.stages.items()},
    }


def _run(plan: Plan, how: RunOptions) -> Result:
    """Make the shards that are missing, in a folder that is claimed."""
    remove_leftovers(plan.out)
    shards = [entered(entry) for entry in scan_entries(plan.out, "hash", _tell, remove=True)]
    with ExitStack() as held:
        seen = held.enter_context(open_seen_ids(plan.out)) if plan.options.duplicates == "reject" else None
        tell = held.enter_context(teller(shown=how.progress))
        found = _engine(how.engine)(plan, how, shards, seen, tell)
    return Result(plan.out, found, complete=not found.signal)


def _nothing_in(given: str, result: Result) -> str:
    damages = result.totals.damages
    return f"{given}: holds no documents" + (f" ({damages[0].file}: {damages[0].reason})" if damages else "")


def _tell(message: str) -> None:
    print(f"warwire: {message}", file=sys.stderr)


def _engine(name: str) -> Any:
    if name == "ray":
        from warwire.model.archive.ray_engine import run_on_ray

        return run_on_ray
    return run


def _job(files: Sequence[InputFile], options: ArchiveOptions, bundle: Bundle, back_end: str) -> Job:
    changing: dict[str, Any] = {
        "format": options.format,
        "kind": options.kind,
        "duplicates": options.duplicates,
        "documents": options.documents,
        "longest": options.longest,
        "shard": asdict(options.limits),
        "vague": json.loads(json.dumps(asdict(options.vague), default=str)),
        "read": asdict(options.read),
    }
    inputs = tuple(JobInput(file.name, file.size, file.digest) for file in files)
    return job_of(inputs, bundle, back_end, changing)


def _refuse_output_as_input(files: Sequence[InputFile], out: Path) -> None:
    folder = out.resolve()
    for file in files:
        if "://" not in file.address and folder in Path(file.address).resolve().parents:
            raise InputError(f"{file.name}: an input inside --out {out}; write to another folder")
