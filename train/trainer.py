"""The transformers Trainer with checkpoints that are whole or not there, and an end on request.

It relies on methods of the Trainer that are not documented (`_save_checkpoint`, `_maybe_log_save_evaluate`); the
tests of preemption say whether they still are what they were.
"""

from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import msgspec
import torch
from transformers import Trainer, TrainerCallback
from transformers.trainer_callback import ExportableState
from transformers.trainer_utils import IntervalStrategy

from warwire.train.checkpoints import STATE, Checkpoint, being_written, checkpoint_path, rotate
from warwire.train.processes import any_of, is_main, processes, wait_for_all
from warwire.train.run_folder import tell
from warwire.train.signals import RESUMABLE, PreemptedError, StopRequest

PROGRESS: Final = "progress.json"
_ARGUMENTS: Final = "training_args.bin"
_CONTROL: Final = "TrainerControl"


class Progress(msgspec.Struct, frozen=True):
    """What the Trainer's own state lacks to go on exactly.

    `loss` is the sum since the step `logged`; `to_evaluate` says that the evaluation due at this step is not done.
    """

    loss: float
    logged: int
    to_evaluate: bool
    processes: int


class _EvaluationStopped(Exception):  # noqa: N818
    """The run was asked to stop while it evaluated."""


class _Finished(Exception):  # noqa: N818
    """The checkpoint to go on from is the last one of its run."""


class ResumableTrainer(Trainer):
    """A Trainer that can be stopped at any step and goes on as if it had not been.

    Args:
        stop: says whether the run is asked to stop.
        arguments: those of the Trainer.
    """

    def __init__(self, *, stop: StopRequest, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.stop = stop
        self._to_write = False

    def run(self, checkpoint: Checkpoint | None) -> None:
        """Train, from the beginning or a checkpoint, until the end; the best weights are then in the model.

        Raises:
            PreemptedError: on request, after a checkpoint was written.
            NoRoomError: a checkpoint cannot be written.
        """
        self.add_callback(_Beginning(self, checkpoint))
        self.stop.saves = True
        try:
            self.train(resume_from_checkpoint=str(checkpoint.path) if checkpoint else None)
        except _Finished:
            if self.args.load_best_model_at_end and self.state.best_model_checkpoint:
                self._load_best_model()
            self.is_in_train = False
            self.callback_handler.on_train_end(self.args, self.state, self.control)
        finally:
            self.stop.saves = False

    def evaluate(self, *arguments: Any, **options: Any) -> dict[str, float]:
        """As the Trainer's, without any draw from the generator that training draws from."""
        state = torch.get_rng_state()
        try:
            metrics: dict[str, float] = super().evaluate(*arguments, **options)
            return metrics
        finally:
            torch.set_rng_state(state)

    def prediction_step(self, *arguments: Any, **options: Any) -> Any:
        """As the Trainer's, unless the run is asked to stop: then the evaluation is left to the resumed run."""
        if self.is_in_train and any_of(self.stop.made):
            raise _EvaluationStopped
        return super().prediction_step(*arguments, **options)

    def _maybe_log_save_evaluate(self, *arguments: Any, **options: Any) -> None:
        """As the Trainer's; what callbacks add to the log when it saves goes into the checkpoint too."""
        self._to_write = False
        try:
            super()._maybe_log_save_evaluate(*arguments, **options)
        except _EvaluationStopped:
            self._write_checkpoint(to_evaluate=True)
            self._end()
        stopping = any_of(self.stop.made)
        if self._to_write or stopping:
            self._write_checkpoint(to_evaluate=not self._to_write and self._evaluation_is_due())
        if stopping:
            self._end()

    def _end(self) -> None:
        if not is_main():
            raise SystemExit(RESUMABLE)
        message = f"stopped on request at step {self.state.global_step} of {self.state.max_steps}, checkpoint written; "
        raise PreemptedError(message + "the same command goes on")

    def _evaluation_is_due(self) -> bool:
        at_end = float(self.state.epoch or 0).is_integer() or self.state.global_step >= self.state.max_steps
        return at_end and self.args.eval_strategy == IntervalStrategy.EPOCH

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        self._to_write = True

    def _write_checkpoint(self, *, to_evaluate: bool) -> None:
        """Write a checkpoint of this step; every process takes part, the main one names it."""
        folder, state = Path(str(self.args.output_dir)), self.state
        path = checkpoint_path(folder, state.global_step)
        if state.best_global_step:
            state.best_model_checkpoint = str(checkpoint_path(folder, state.best_global_step))
        self.store_flos()
        loss = float(self.accelerator.gather(self._tr_loss).mean())
        progress = Progress(loss, self._globalstep_last_logged, to_evaluate, processes())
        writing = being_written(path, self._checkpoint_size()) if is_main() else nullcontext(_part_of(path))
        with writing as part:
            wait_for_all()
            self._write_state(part, progress)
            wait_for_all()
        if is_main():
            rotate(folder, state.global_step, state.best_global_step)
        wait_for_all()

    def _write_state(self, part: Path, progress: Progress) -> None:
        self.save_model(str(part), _internal_call=True)
        self._save_optimizer_and_scheduler(str(part))
        self._save_scaler(str(part))
        self._save_rng_state(str(part))
        if not is_main():
            return
        stateful: Any = self.state.stateful_callbacks
        for callback in (*self.callback_handler.callbacks, self.control):
            if isinstance(callback, ExportableState):
                stateful[type(callback).__name__] = callback.state()
        self.state.save_to_json(str(part / STATE))
        (part / PROGRESS).write_bytes(msgspec.json.encode(progress))
        # A pickle that nothing reads.
        (part / _ARGUMENTS).unlink(missing_ok=True)

    def _checkpoint_size(self) -> int:
        """About how many bytes a checkpoint has: the weights, and two moments of those that are trained."""
        model: Any = self.model
        parameters: list[torch.nn.Parameter] = list(model.parameters())
        moments = sum(8 * p.numel() for p in parameters if p.requires_grad)
        return moments + sum(p.numel() * p.element_size() for p in parameters)


class _Beginning(TrainerCallback):
    """Puts back what the Trainer itself does not, before the first step."""

    def __init__(self, trainer: ResumableTrainer, checkpoint: Checkpoint | None) -> None:
        self.trainer = trainer
        self.checkpoint = checkpoint

    def on_train_begin(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
        if self.checkpoint is None:
            return
        trainer = self.trainer
        progress = msgspec.json.decode((self.checkpoint.path / PROGRESS).read_bytes(), type=Progress)
        if progress.processes != processes():
            tell(
                f"{self.checkpoint.path} is of {progress.processes} processes, these are {processes()}: same data, "
                "same order, but other random draws in the network"
            )
        if self.checkpoint.best:
            # By the folder's place, which may have changed, or be seen from elsewhere, since it was written.
            state.best_model_checkpoint = str(self.checkpoint.best)
        trainer._tr_loss.fill_(progress.loss)
        trainer._globalstep_last_logged = progress.logged
        if progress.to_evaluate:
            # The checkpoint is written anew after the evaluation, with the random states of the one that it replaces.
            trainer._load_rng_state(str(self.checkpoint.path))
            control.should_evaluate = control.should_save = True
            trainer.control = control
            trainer._maybe_log_save_evaluate(trainer._tr_loss, None, trainer.model, None, state.epoch, None, 0.0)
            control = trainer.control
        stopped = state.stateful_callbacks.get(_CONTROL, {}).get("args", {}).get("should_training_stop", False)
        if stopped or control.should_training_stop or state.global_step >= state.max_steps:
            raise _Finished


def _part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")
