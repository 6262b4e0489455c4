"""Stops a run whose loss is no longer a number, and says at which step and on which documents."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from warwire.annotations.errors import WarwireError
from warwire.train.data_checks import Locate

if TYPE_CHECKING:
    from transformers import Trainer, TrainerCallback

_NAMED: Final = 5
"""Documents that the message names."""


class DivergedError(WarwireError):
    """The loss became infinite or no number; nothing that was trained after it is kept."""


def loss_watch(trainer: "Trainer", locate: Locate) -> "TrainerCallback":
    """A callback that raises as soon as a loss of the trainer, in training or evaluation, is not finite.

    On a GPU the loss of a step is looked at during the next one, so that nothing waits for it; before an evaluation or
    a checkpoint all of them are.

    Args:
        trainer: its `training_step` is wrapped.
        locate: from `warwire.train.data_checks.locate_rows`.

    Raises:
        DivergedError: from the callback, naming the step and the documents of its batch.
    """
    from transformers import TrainerCallback

    pending: list[tuple[Any, Any]] = []
    inner = trainer.training_step

    def step(model: Any, inputs: Any, *rest: Any, **options: Any) -> Any:
        loss = inner(model, inputs, *rest, **options)
        pending.append((loss.detach(), (inputs["input_ids"], inputs.get("attention_mask"))))
        return loss

    trainer.training_step = step  # type: ignore[method-assign]

    def look(keep: int, number: int) -> None:
        while len(pending) > keep:
            loss, batch = pending.pop(0)
            if not math.isfinite(float(loss)):
                late = "at or before " if keep else "at "
                raise DivergedError(_message(float(loss), f"{late}step {number}", locate(_rows(batch))))

    class LossWatch(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            needed = control.should_save or control.should_evaluate or args.device.type == "cpu"
            look(0 if needed else 1, state.global_step)

        def on_epoch_end(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            look(0, state.global_step)

        def on_evaluate(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            metrics: Mapping[str, float] = rest["metrics"]
            for name, value in metrics.items():
                if name.endswith("_loss") and not math.isfinite(value):
                    raise DivergedError(
                        f"the dev loss is {value} at step {state.global_step}: the weights are damaged, and no best "
                        "model is chosen; lower optimiser.learning_rate"
                    )

    return LossWatch()


def _rows(batch: tuple[Any, Any]) -> list[list[int]]:
    """The token ids of a batch without padding."""
    ids, mask = batch
    rows = ids.tolist()
    if mask is None:
        return list(rows)
    return [[i for i, counts in zip(r, m, strict=True) if counts] for r, m in zip(rows, mask.tolist(), strict=True)]


def _message(loss: float, when: str, documents: list[str]) -> str:
    named = ", ".join(documents[:_NAMED]) + (f" and {len(documents) - _NAMED} more" if len(documents) > _NAMED else "")
    return (
        f"the loss is {loss} {when}, on {named or 'documents not found again'}; the run stops. Lower "
        "optimiser.learning_rate, take optimiser.precision fp32 or bf16, or look at these documents; the same command "
        "goes on from the last checkpoint"
    )
