"""The Trainer of taggers: batches of windows, a loss that does not depend on how they are divided, and less at once
where a GPU's memory does not hold them.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch.utils.data import DataLoader
from transformers import TrainerCallback

from warwire.annotations.errors import WarwireError
from warwire.train.batches import Batches, Draw
from warwire.train.processes import processes
from warwire.train.run_folder import tell
from warwire.train.trainer import ResumableTrainer

Inputs = dict[str, torch.Tensor]


class GpuMemoryError(WarwireError):
    """A GPU has no memory for a single window, or a process of several has none for its share."""


class WindowTrainer(ResumableTrainer):
    """Trains on `Batches` of `Rows`.

    Args:
        batches: of the training windows.
        arguments: those of `ResumableTrainer`.
    """

    def __init__(self, *, batches: Batches, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.batches = batches
        self.parts = 1
        """In how many parts each piece of an update is computed; doubles where memory does not do."""
        self._update = -1
        self._seen: list[Inputs] = []
        # The models' own losses count labels piece by piece; ours is told how many the whole update has.
        self.model_accepts_loss_kwargs = False
        self.add_callback(_EpochOfBatches(batches))

    def get_train_dataloader(self) -> DataLoader[Draw]:
        """Batches as they are: they are divided among the processes already."""
        rows: Any = self.train_dataset
        workers = self.args.dataloader_num_workers
        return DataLoader(
            rows,
            batch_sampler=self.batches,
            collate_fn=self.data_collator,
            num_workers=workers,
            pin_memory=self.args.dataloader_pin_memory,
            generator=torch.Generator(),
        )

    def training_step(self, model: Any, inputs: Inputs, num_items_in_batch: Any = None) -> torch.Tensor:
        """A piece of an update, forward and backward; in more and smaller parts after the memory was not enough.

        A backward pass that fails may have added some gradients already, so the pieces of the update that came before
        are computed again.
        """
        if self._update != self.state.global_step:
            self._update, self._seen = self.state.global_step, []
        inputs = without_idle_mask(inputs)
        self._seen.append(inputs)
        pieces = [inputs]
        while True:
            try:
                return [self._in_parts(model, piece, num_items_in_batch) for piece in pieces][-1]
            except torch.OutOfMemoryError:
                pass
            self._use_less(inputs)
            model.zero_grad()
            pieces = self._seen

    def prediction_step(
        self, model: Any, inputs: Inputs, prediction_loss_only: bool, ignore_keys: list[str] | None = None
    ) -> Any:
        """As the Trainer's, in halves where the memory does not do."""
        try:
            return super().prediction_step(model, without_idle_mask(dict(inputs)), prediction_loss_only, ignore_keys)
        except torch.OutOfMemoryError:
            pass
        rows, length = inputs["input_ids"].shape
        if rows == 1:
            raise GpuMemoryError(_too_long(length))
        _empty_cache()
        halves = [self.prediction_step(model, half, prediction_loss_only, ignore_keys) for half in divided(inputs, 2)]
        sizes = [len(half["input_ids"]) for half in divided(inputs, 2)]
        loss = sum(found[0] * size for found, size in zip(halves, sizes, strict=True)) / rows
        if prediction_loss_only:
            return loss, None, None
        return loss, torch.cat([found[1] for found in halves]), torch.cat([found[2] for found in halves])

    def _in_parts(self, model: Any, inputs: Inputs, labels: Any) -> torch.Tensor:
        losses = [super(WindowTrainer, self).training_step(model, part, labels) for part in divided(inputs, self.parts)]
        return torch.stack(losses).sum()

    def _use_less(self, inputs: Mapping[str, torch.Tensor]) -> None:
        """Halve what is computed at once.

        Raises:
            GpuMemoryError: it is a single window already, or other processes wait for this one.
        """
        rows, length = inputs["input_ids"].shape
        if processes() > 1:
            raise GpuMemoryError(
                f"step {self.state.global_step + 1}: {rows} windows of {length} tokens do not fit into the memory of a "
                "process's GPU; halve optimiser.batch and double optimiser.accumulate, which changes nothing else"
            )
        if self.parts >= rows:
            raise GpuMemoryError(f"step {self.state.global_step + 1}: {_too_long(length)}")
        self.parts *= 2
        _empty_cache()
        before, now = -(-2 * rows // self.parts), -(-rows // self.parts)
        tell(
            f"step {self.state.global_step + 1}: out of GPU memory with {before} windows of {length} tokens at once; "
            f"from here on {now} at once, and as many an update as before"
        )


def divided(inputs: Mapping[str, torch.Tensor], parts: int) -> list[Inputs]:
    """The rows of a batch in so many parts, or as many as it has rows."""
    chunks = {name: tensor.chunk(parts) for name, tensor in inputs.items()}
    return [dict(zip(chunks, part, strict=True)) for part in zip(*chunks.values(), strict=True)]


def without_idle_mask(inputs: Inputs) -> Inputs:
    """A batch without its attention mask where that hides nothing: attention then takes its fastest way."""
    if "attention_mask" not in inputs or not bool(inputs["attention_mask"].all()):
        return inputs
    return {name: tensor for name, tensor in inputs.items() if name != "attention_mask"}


def _too_long(length: int) -> str:
    return (
        f"one window of {length} tokens does not fit into the GPU's memory; set a smaller windows.size, or "
        "optimiser.precision: bf16, or optimiser.activation_checkpointing: true"
    )


def _empty_cache() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


class _EpochOfBatches(TrainerCallback):
    """Tells the batches which epoch it is."""

    def __init__(self, batches: Batches) -> None:
        self.batches = batches

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
        self.batches.epoch = state.global_step // self.batches.updates
