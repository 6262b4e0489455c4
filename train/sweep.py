"""A sweep: the same training with other values, over a grid or by Optuna, each trial a run folder of its own.

OUT/trials/NAME-seedN/   the run folders
OUT/sweep.jsonl          the results, one line a finished run (`warwire.train.sweep_results`)
OUT/failed.jsonl         runs whose loss was no number any more
OUT/optuna.db            the state of a search

A run that is in sweep.jsonl is not run again, and one that was interrupted goes on from its checkpoint: after a kill
the same command goes on where it was.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from warwire.annotations.errors import InputError
from warwire.train.config import Sweep, TrainConfig
from warwire.train.loss_watch import DivergedError
from warwire.train.processes import processes
from warwire.train.run_folder import locked, tell
from warwire.train.sweep_plan import Recipe, Values, combinations, trial_name
from warwire.train.sweep_results import Point, add_point, read_points

Objective = Callable[[TrainConfig], Mapping[str, float]]
"""Trains as a configuration says and gives the dev scores."""

_SWEEP_ONLY: Final = ("out", "threads", "report_to", "log_every")
"""Keys that do not change a result."""


@dataclass(frozen=True, slots=True)
class Trials:
    """The trials of one sweep folder."""

    recipe: Recipe
    out: Path
    objective: Objective
    select_by: str

    def scores(self, values: Values, seed: int) -> Point | None:
        """The finished run of values and seed, trained now if it is not there; None where it failed.

        Raises:
            InputError: the folder has a result for them that another configuration gave.
        """
        run = self.out / "trials" / trial_name(values, seed)
        config = self.recipe.config(values, seed, run)
        key = _digest(config)
        for point in read_points(self.out):
            if point.run == str(run):
                if point.config != key:
                    raise InputError(f"{self.out}: this sweep is of another configuration; give another 'out'")
                return point
        shown = ", ".join(f"{name}={value}" for name, value in values.items())
        tell(f"trial {shown}, seed {seed}: {run}")
        try:
            scores = dict(self.objective(config))
        except DivergedError as error:
            tell(f"trial {shown}, seed {seed} failed: {error}")
            _note_failure(self.out, values, seed, str(error))
            return None
        point = Point(config.name, dict(values), seed, scores, str(run), key)
        add_point(self.out, point)
        shutil.rmtree(run / "checkpoints", ignore_errors=True)
        return point

    def mean(self, values: Values, seeds: int) -> float | None:
        """The mean over seeds of the score that selects; None where a run failed."""
        first = self.recipe.config().seed
        points = [self.scores(values, first + number) for number in range(seeds)]
        kept = [point.scores[self.select_by] for point in points if point is not None]
        return sum(kept) / len(kept) if kept and len(kept) == len(points) else None


def sweep(recipe: Recipe, plan: Sweep, objective: Objective | None = None) -> list[Point]:
    """Run what is left of a sweep; gives all its finished runs.

    Args:
        recipe: the configuration that the trials share; its `out` is the sweep folder.
        plan: from `warwire.train.sweep_plan.plan_of`.
        objective: what trains; None fine-tunes.

    Raises:
        InputError: several processes, another sweep in the folder, or results of another configuration in it.
        MissingExtraError: a search without Optuna.
    """
    if processes() > 1:
        raise InputError(
            "a sweep trains in one process; on several GPUs start several sweeps over parts of the grid, each with its "
            "own 'out' and CUDA_VISIBLE_DEVICES"
        )
    config = recipe.config()
    out = Path(config.out)
    trials = Trials(recipe, out, objective or trained, config.select_by)
    with locked(out):
        if plan.grid:
            for values in combinations(plan.grid):
                trials.mean(values, plan.seeds)
        else:
            from warwire.train.sweep_search import search

            search(plan, out / "optuna.db", config.name, config.seed, lambda values: trials.mean(values, plan.seeds))
        return read_points(out)


def trained(config: TrainConfig) -> Mapping[str, float]:
    """Fine-tune and give the dev scores of the best epoch."""
    from warwire.train.finetune import finetune

    return finetune(config, quiet=True).metrics


def _digest(config: TrainConfig) -> str:
    kept = {key: value for key, value in msgspec.to_builtins(config).items() if key not in _SWEEP_ONLY}
    return hashlib.sha256(msgspec.json.encode(kept, order="sorted")).hexdigest()


def _note_failure(out: Path, values: Values, seed: int, error: str) -> None:
    with (out / "failed.jsonl").open("ab") as file:
        file.write(msgspec.json.encode({"x": dict(values), "seed": seed, "error": error}) + b"\n")
