"""One line an epoch on standard error: loss and dev scores."""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import TrainerCallback


def epoch_lines() -> "TrainerCallback":
    """A Trainer callback that prints the lines."""
    from transformers import TrainerCallback

    class EpochLines(TrainerCallback):
        def on_evaluate(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            metrics: dict[str, float] = rest["metrics"]
            if "eval_f1" not in metrics:
                return
            losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
            loss = f"loss {losses[-1]:.3f}, " if losses else ""
            scores = ", ".join(f"{name} {metrics[f'eval_{name}']:.4f}" for name in ("f1", "core_f1"))
            print(f"epoch {state.epoch or 0:g}: {loss}dev {scores}", file=sys.stderr)

    return EpochLines()
