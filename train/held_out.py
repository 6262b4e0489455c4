"""Masked-token loss and accuracy on held-out text, told at every checkpoint."""

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from warwire.train.masking import IGNORED, Masking

if TYPE_CHECKING:
    from transformers import PreTrainedModel, TrainerCallback


@dataclass(frozen=True)
class HeldOut:
    """Held-out sequences, shape (rows, length); their masks are always the same, so that scores compare."""

    ids: NDArray[np.int64]
    masking: Masking
    batch: int

    def score(self, model: "PreTrainedModel") -> tuple[float, float]:
        """Mean loss in nats and share of masked tokens found, both over all masked tokens."""
        import torch

        training = model.training
        model.eval()  # type: ignore[no-untyped-call]
        loss, right, number = 0.0, 0, 0
        with torch.inference_mode():
            for first in range(0, len(self.ids), self.batch):
                batch = self.masking([torch.from_numpy(row) for row in self.ids[first : first + self.batch]])
                labels = batch["labels"][batch["labels"] != IGNORED]
                output = model(**{name: tensor.to(model.device) for name, tensor in batch.items()})
                loss += float(output.loss) * len(labels)
                right += int((output.logits.argmax(dim=-1).cpu() == labels).sum())
                number += len(labels)
        model.train(training)
        return loss / number, right / number


def held_out_lines(held_out: HeldOut, tokens_a_step: int) -> "TrainerCallback":
    """A Trainer callback that prints a line at every checkpoint and adds it, with the speed since the last, to the log.

    The speed leaves out the first step, which may compile, and the time of saving and scoring. The log also has it by
    processor time, which other work on the machine does not change.
    """
    from transformers import TrainerCallback

    class HeldOutLines(TrainerCallback):
        def __init__(self) -> None:
            self.since: tuple[int, float, float] | None = None

        def on_step_end(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            if self.since is None:
                self.since = state.global_step, time.monotonic(), time.process_time()

        def on_save(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            first, start, busy = self.since or (state.global_step, 0.0, 0.0)
            tokens = (state.global_step - first) * tokens_a_step
            speed, worked = tokens / (time.monotonic() - start), tokens / (time.process_time() - busy)
            loss, accuracy = held_out.score(rest["model"])
            losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
            seen = f"loss {losses[-1]:.3f}, " if losses else ""
            at = f"step {state.global_step} of {state.max_steps}, {speed:,.0f} tokens/s"
            print(f"{at}: {seen}held out: loss {loss:.3f}, accuracy {accuracy:.4f}", file=sys.stderr, flush=True)
            entry = {"held_out_loss": loss, "held_out_accuracy": accuracy}
            speeds = {"tokens_per_second": speed, "tokens_per_cpu_second": worked}
            state.log_history.append({"step": state.global_step, **entry, **speeds})
            self.since = state.global_step, time.monotonic(), time.process_time()

    return HeldOutLines()
