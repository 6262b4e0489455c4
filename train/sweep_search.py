"""A search by Optuna whose state is on the disk after every trial."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from warwire.annotations.errors import MissingExtraError
from warwire.train.config import Space, Sweep
from warwire.train.sweep_plan import Values


def search(plan: Sweep, storage: Path, name: str, seed: int, score: Callable[[Values], float | None]) -> None:
    """Draw and score sets of values until `plan.trials` are done; those of an earlier call count.

    Args:
        plan: its `search` gives the spaces.
        storage: an SQLite file; made where there is none.
        name: of the study in it.
        seed: of the draws.
        score: what to make large; None for a failed trial, which counts as the worst.

    Raises:
        MissingExtraError: Optuna is not installed.
    """
    try:
        import optuna
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "optuna", "sweep") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=f"sqlite:///{storage.resolve()}", study_name=name, direction="maximize", load_if_exists=True
    )
    states = optuna.trial.TrialState
    for interrupted in study.get_trials(deepcopy=False, states=(states.RUNNING,)):
        # Its values come first, and its run goes on from a checkpoint.
        study.tell(interrupted.number, state=states.FAIL)
        study.enqueue_trial(interrupted.params)
    ended = (states.COMPLETE, states.PRUNED)
    while (done := len(study.get_trials(deepcopy=False, states=ended))) < plan.trials:
        # A sampler begins its draws anew in each process; the seed keeps it from drawing the same again.
        study.sampler = optuna.samplers.TPESampler(seed=seed + done)
        trial = study.ask()
        value = score({key: _drawn(trial, key, space) for key, space in plan.search.items()})
        if value is None:
            study.tell(trial, state=states.PRUNED)
        else:
            study.tell(trial, value)


def _drawn(trial: Any, key: str, space: Space) -> Any:
    if space.choices:
        return trial.suggest_categorical(key, space.choices)
    if space.whole:
        return trial.suggest_int(key, int(space.low or 0), int(space.high or 0), log=space.log)
    return trial.suggest_float(key, space.low, space.high, log=space.log)
