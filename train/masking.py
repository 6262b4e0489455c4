"""Masked language modelling: which tokens are hidden, by what, and what is to be found."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

if TYPE_CHECKING:
    import torch

IGNORED: Final = -100
"""The label of tokens that are not to be found."""

_SHOWN: Final = 0.1
_OTHER: Final = 0.1


@dataclass(frozen=True)
class Masking:
    """Hides tokens in batches of sequences: eight in ten by the mask token, one by another token, one not at all.

    `share` of the tokens of every sequence is chosen (Devlin et al. 2019 with 0.15; Wettig et al. 2023 find up to 0.4
    better). `continues` tells for each token id whether it continues a word; with it, whole words are chosen, so that a
    piece cannot be guessed from its neighbours. The draws depend on `seed` and the tokens of the batch alone, so that
    a resumed run, which draws batches ahead in another rhythm, hides the same ones.
    """

    mask: int
    vocabulary: int
    special: "torch.Tensor"
    share: float
    seed: int
    continues: "torch.Tensor | None" = None

    def __call__(self, rows: "list[torch.Tensor]") -> dict[str, Any]:
        """A batch of the rows, each of shape (length,): ids, attention mask and labels, each (rows, length).

        Every row has the same number of labels, so that shapes stay the same from batch to batch.
        """
        import torch

        ids = torch.stack(rows).long()
        draws = torch.Generator().manual_seed(crc32(ids.numpy().tobytes(), self.seed))
        chosen = self._chosen(ids, draws)
        labels = torch.where(chosen, ids, torch.full_like(ids, IGNORED))
        dice = torch.rand(ids.shape, generator=draws)
        hidden = torch.where(chosen & (dice >= _SHOWN + _OTHER), torch.full_like(ids, self.mask), ids)
        other = torch.randint(len(self.special), self.vocabulary, ids.shape, generator=draws)
        hidden = torch.where(chosen & (dice >= _SHOWN) & (dice < _SHOWN + _OTHER), other, hidden)
        return {"input_ids": hidden, "attention_mask": torch.ones_like(ids), "labels": labels}

    def _chosen(self, ids: "torch.Tensor", generator: "torch.Generator") -> "torch.Tensor":
        import torch

        draws = torch.rand(ids.shape, generator=generator)
        if self.continues is not None:
            # All pieces of a word share the draw of its first.
            begins = ~self.continues[ids]
            begins[:, 0] = True
            word = begins.long().cumsum(dim=1) - 1
            draws = draws.gather(1, word) + torch.rand(ids.shape, generator=generator) * 1e-6
        draws[torch.isin(ids, self.special)] = 2.0
        number = max(1, round(self.share * ids.shape[1]))
        chosen = torch.zeros(ids.shape, dtype=torch.bool)
        return chosen.scatter_(1, draws.topk(number, dim=1, largest=False).indices, True)
