"""Training windows in batches: of similar length, the same ones however many processes and pieces compute them.

An update takes `optimiser.batch` times `optimiser.accumulate` windows, however many processes there are. Each process
computes its share of them in `optimiser.accumulate` pieces. Order and hidden tokens depend on seed and epoch alone, so
that a run resumed in the middle of an epoch, or by another number of processes, sees what it would have seen.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from warwire.train.features import IGNORED

if TYPE_CHECKING:
    import torch
    from datasets import Dataset

Hide = Callable[[Sequence[int]], list[int]]
"""Token ids to token ids, some of them hidden; draws from torch's generator."""

_SORTED_TOGETHER: Final = 64
"""Batches whose windows are sorted by length together: enough for little padding, few enough for other batches in
each epoch."""
_MULTIPLE: Final = 8
"""Lengths that a GPU computes fast are multiples of it."""


class Draw(NamedTuple):
    """A window of a batch: its number, the epoch, and whether it counts; a blank only fills a process's share."""

    number: int
    epoch: int = 0
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Shares:
    """How an update's batch is divided: among `processes`, of which this is number `rank`, in `pieces` each."""

    processes: int = 1
    rank: int = 0
    pieces: int = 1

    def of(self, batch: Sequence[Draw]) -> Iterator[list[Draw]]:
        """The pieces that this process computes, all of the same number of windows.

        Neighbours go to different processes, so that a batch sorted by length gives all of them as much to do.
        """
        each = -(-len(batch) // (self.processes * self.pieces))
        blank = batch[-1]._replace(counts=False)
        for piece in range(self.pieces):
            block = batch[piece * each * self.processes : (piece + 1) * each * self.processes]
            mine = list(block[self.rank :: self.processes])
            yield mine + [blank] * (each - len(mine))


class Batches:
    """A torch batch sampler over windows: in each epoch another order, given by seed and epoch.

    Args:
        lengths: tokens of each window.
        batch: windows an update, of all processes and pieces together.
        seed: of the order.
        by_length: put windows of similar length together; else any.
        shares: how a batch is divided.
    """

    def __init__(
        self, lengths: Sequence[int], batch: int, seed: int, *, by_length: bool = True, shares: Shares = Shares()
    ) -> None:
        self.lengths = np.asarray(lengths, dtype=np.int64)
        self.batch = batch
        self.seed = seed
        self.by_length = by_length
        self.shares = shares
        self.epoch = 0

    @property
    def updates(self) -> int:
        """Updates an epoch."""
        return -(-len(self.lengths) // self.batch)

    def __len__(self) -> int:
        return self.updates * self.shares.pieces

    def __iter__(self) -> Iterator[list[Draw]]:
        for batch in self.whole():
            yield from self.shares.of([Draw(int(number), self.epoch) for number in batch])

    def whole(self) -> list[NDArray[np.int64]]:
        """The numbers of the windows of each update of this epoch; the longest batch comes first.

        What does not fit into memory fails at once then, not after an hour.
        """
        source = np.random.default_rng((self.seed, self.epoch))
        order = source.permutation(len(self.lengths))
        if not self.by_length:
            return self._cut(order)
        together = self.batch * _SORTED_TOGETHER
        chunks = [order[i : i + together] for i in range(0, len(order), together)]
        grouped = np.concatenate([chunk[np.argsort(-self.lengths[chunk], kind="stable")] for chunk in chunks])
        batches = self._cut(grouped)
        mixed = [batches[i] for i in source.permutation(len(batches))]
        longest = max(range(len(mixed)), key=lambda i: int(self.lengths[mixed[i]].max()) * len(mixed[i]))
        return [mixed.pop(longest), *mixed]

    def _cut(self, order: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        return [order[i : i + self.batch] for i in range(0, len(order), self.batch)]


class Rows:
    """Windows as torch wants them: token ids and labels under a number or a `Draw`.

    Args:
        rows: with columns `input_ids` and `labels`.
        seed: of the hidden tokens.
        hide: hides tokens of the windows that are drawn, other ones in each epoch.
    """

    def __init__(self, rows: "Dataset", seed: int = 0, hide: Hide | None = None) -> None:
        self.ids = [np.asarray(ids, dtype=np.int32) for ids in rows["input_ids"]]
        self.labels = [np.asarray(labels, dtype=np.int32) for labels in rows["labels"]]
        self.seed = seed
        self.hide = hide

    @property
    def lengths(self) -> list[int]:
        """Tokens of each window."""
        return [len(ids) for ids in self.ids]

    def longest_first(self) -> "Rows":
        """Sort the windows by length, for evaluation in batches with little padding."""
        order = sorted(range(len(self.ids)), key=lambda i: -len(self.ids[i]))
        self.ids, self.labels = [self.ids[i] for i in order], [self.labels[i] for i in order]
        return self

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, drawn: "int | Draw") -> dict[str, NDArray[np.int32]]:
        draw = drawn if isinstance(drawn, Draw) else Draw(int(drawn))
        ids, labels = self.ids[draw.number], self.labels[draw.number]
        if self.hide is not None:
            ids = np.asarray(self._hidden(ids.tolist(), draw, self.hide), dtype=np.int32)
        return {"input_ids": ids, "labels": labels if draw.counts else np.full_like(labels, IGNORED)}

    def _hidden(self, ids: list[int], draw: Draw, hide: Hide) -> list[int]:
        import torch

        seed = np.random.SeedSequence((self.seed, draw.epoch, draw.number)).generate_state(1, np.uint64)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(seed[0]) >> 1)
            return hide(ids)


@dataclass(frozen=True, slots=True)
class Padded:
    """Makes tensors of windows: shorter ones are filled up with `pad`, where no label counts.

    With `multiple` lengths are filled up to a multiple of 8.
    """

    pad: int
    multiple: bool = False

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, "torch.Tensor"]:
        """Ids, attention mask and labels of the windows, each of shape (rows, length)."""
        import torch

        lengths = [len(row["input_ids"]) for row in rows]
        length = max(lengths)
        if self.multiple:
            length = -(-length // _MULTIPLE) * _MULTIPLE
        ids = np.full((len(rows), length), self.pad, dtype=np.int64)
        labels = np.full((len(rows), length), IGNORED, dtype=np.int64)
        for i, row in enumerate(rows):
            ids[i, : lengths[i]] = row["input_ids"]
            labels[i, : lengths[i]] = row["labels"]
        mask = (np.arange(length) < np.asarray(lengths)[:, None]).astype(np.int64)
        arrays = {"input_ids": ids, "attention_mask": mask, "labels": labels}
        return {name: torch.from_numpy(array) for name, array in arrays.items()}


def label_loss(smoothing: float) -> Callable[..., Any]:
    """A Trainer's loss function: cross entropy in nats, summed over the labels of a piece and divided by those of the
    whole update, so that it does not matter how the update is divided.
    """
    import torch

    def loss(outputs: Any, labels: "torch.Tensor", num_items_in_batch: "torch.Tensor | int | None" = None) -> Any:
        total = torch.nn.functional.cross_entropy(
            outputs["logits"].float().flatten(0, 1),
            labels.flatten(),
            ignore_index=IGNORED,
            reduction="sum",
            label_smoothing=smoothing,
        )
        counted = (labels != IGNORED).sum() if num_items_in_batch is None else torch.as_tensor(num_items_in_batch)
        return total / counted.clamp(min=1).to(total.device)

    return loss
