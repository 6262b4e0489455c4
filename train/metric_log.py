"""The curves of a run as files that grow while it trains.

OUT/metrics.jsonl   loss, gradient norm and learning rate every `log_every` updates, and the dev scores, by step
OUT/dev.jsonl       the dev scores of each evaluation: epoch, step, f1, core_f1, precision, recall, loss
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from transformers import TrainerCallback

DEV_SCORES: Final = ("core_f1", "f1", "precision", "recall", "loss")


def metric_log(out: Path) -> "TrainerCallback":
    """A Trainer callback that writes the files in the main process; a resumed run drops what its checkpoint lacks."""
    from transformers import TrainerCallback

    class MetricLog(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            if state.is_world_process_zero:
                self._write("wb", state.log_history)

        def on_log(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
            if state.is_world_process_zero:
                self._write("ab", state.log_history[-1:])

        def _write(self, mode: str, entries: Iterable[Mapping[str, float]]) -> None:
            entries = list(entries)
            scores = (dev_scores(entry) for entry in entries if "eval_f1" in entry)
            for name, lines in (("metrics.jsonl", entries), ("dev.jsonl", scores)):
                with (out / name).open(mode) as file:
                    file.writelines(msgspec.json.encode(line) + b"\n" for line in lines)

    return MetricLog()


def dev_scores(entry: Mapping[str, float]) -> dict[str, float]:
    """The dev scores in an entry of the Trainer's log, under their plain names."""
    scores = {name: entry[f"eval_{name}"] for name in DEV_SCORES if f"eval_{name}" in entry}
    return {"epoch": entry["epoch"], "step": entry["step"], **scores}
