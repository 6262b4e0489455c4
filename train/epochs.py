"""One line an epoch on standard error: loss, dev scores and speed."""

import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import TrainerCallback

    from warwire.train.batches import Batches


def epoch_lines(batches: "Batches | None" = None) -> "TrainerCallback":
    """A Trainer callback that prints the lines in the main process.

    With `batches` they tell the tokens a second, padding not counted, of the updates since the line before.
    """
    from transformers import TrainerCallback

    class EpochLines(TrainerCallback):
        def __init__(self) -> None:
            self.since: tuple[int, float] | None = None
            self.until = (0, 0.0)

        def on_step_begin(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            if self.since is None:
                self.since = state.global_step, time.monotonic()

        def on_epoch_end(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            self.until = state.global_step, time.monotonic()

        def on_evaluate(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            metrics: dict[str, float] = rest["metrics"]
            if "eval_f1" not in metrics or not state.is_world_process_zero:
                return
            loss = _mean_loss(state.log_history, metrics.get("epoch", 0.0))
            scores = ", ".join(f"{name} {metrics[f'eval_{name}']:.4f}" for name in ("f1", "core_f1"))
            print(f"epoch {state.epoch or 0:g}: {loss}dev {scores}{self._speed()}", file=sys.stderr, flush=True)

        def _speed(self) -> str:
            if batches is None or self.since is None:
                return ""
            (first, start), (last, end) = self.since, self.until
            self.since = None
            tokens = (last - first) * sum(batches.lengths.tolist()) / batches.updates
            return f", {tokens / (end - start):,.0f} tokens/s" if last > first else ""

    return EpochLines()


def _mean_loss(log: list[dict[str, float]], epoch: float) -> str:
    """The loss of the epoch that ends, as the mean of what was logged in it, or else what was logged last."""
    logged = [entry for entry in log if "loss" in entry]
    losses = [entry["loss"] for entry in logged if entry["epoch"] > epoch - 1] or [e["loss"] for e in logged[-1:]]
    return f"loss {sum(losses) / len(losses):.3f}, " if losses else ""
