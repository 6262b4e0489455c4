"""The linker's network while it is trained, in torch; `warwire.model.linking.scorer` is the same in numpy."""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from warwire.annotations.labels import ROLES, STATUSES
from warwire.model.linking.batch import NEIGHBOURS
from warwire.model.linking.pairs import PAIR_SIZES
from warwire.model.linking.scorer import ROUNDS
from warwire.train.linker_batches import Batch

ROLE_COUNT: Final = len(ROLES)
CONTEXTS: Final = 7
"""Places from which first scores reach the second: see `_context`."""

CUE_WIDTH: Final = 32


class LinkNetwork(nn.Module):
    """Mentions read with their neighbours, pairs scored twice: the second time knowing what the first time said."""

    def __init__(self, words: int, cues: int, width: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.words = nn.EmbeddingBag(words + 1, width, mode="sum", padding_idx=0)
        self.cues = nn.EmbeddingBag(cues + 1, CUE_WIDTH, mode="sum", padding_idx=0)
        self.pairs = nn.EmbeddingBag(sum(PAIR_SIZES), hidden, mode="sum")
        for table in (self.words, self.cues, self.pairs):
            nn.init.normal_(table.weight, std=0.1)
        self.first = nn.Linear(len(NEIGHBOURS) * width, width)
        self.second = nn.Linear(len(NEIGHBOURS) * width, width)
        self.trigger = nn.Linear(width, hidden)
        self.candidate = nn.Linear(width, hidden, bias=False)
        self.deep = nn.Linear(hidden, hidden)
        self.link = nn.Linear(hidden, ROLE_COUNT)
        self.again = nn.Linear(hidden + CONTEXTS * ROLE_COUNT, hidden)
        self.link_again = nn.Linear(hidden, ROLE_COUNT)
        self.status = nn.Linear(width + CUE_WIDTH, CUE_WIDTH)
        self.status_out = nn.Linear(CUE_WIDTH, len(STATUSES))
        self.dropout = nn.Dropout(dropout)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of the links, first and second, shape (pairs, roles), and of the statuses (triggers, statuses)."""
        own = self.dropout(functional.relu(self.words(batch.words, batch.word_starts)))
        for layer in (self.first, self.second):
            padded = torch.cat([own, own.new_zeros(1, own.shape[1])])
            around = padded[batch.neighbours].flatten(1)
            own = own + self.dropout(functional.relu(layer(around)))
        of_triggers = own[batch.triggers]
        hidden = self.trigger(of_triggers)[batch.rows] + self.candidate(own)[batch.columns] + self.pairs(batch.pairs)
        hidden = self.dropout(functional.relu(hidden))
        hidden = self.dropout(functional.relu(self.deep(hidden))) + hidden
        logits = self.link(hidden)
        again = logits
        for _ in range(ROUNDS):
            told = torch.cat([hidden, self._context(torch.sigmoid(again) * batch.allowed, batch)], dim=1)
            again = logits + self.link_again(self.dropout(functional.relu(self.again(told))))
        cues = functional.relu(torch.cat([of_triggers, self.cues(batch.cues, batch.cue_starts)], dim=1))
        statuses = self.status_out(self.dropout(functional.relu(self.status(self.dropout(cues)))))
        return logits, again, statuses

    @staticmethod
    def _context(probable: Tensor, batch: Batch) -> Tensor:
        of_trigger = probable.new_zeros(len(batch.triggers), ROLE_COUNT).index_add(0, batch.rows, probable)
        of_candidate = probable.new_zeros(len(batch.neighbours), ROLE_COUNT).index_add(0, batch.columns, probable)
        padded = torch.cat([probable, probable.new_zeros(1, ROLE_COUNT)])
        parts = [
            probable,
            of_trigger[batch.rows] - probable,
            of_candidate[batch.columns] - probable,
            padded[batch.before],
            padded[batch.after],
            padded[batch.left],
            padded[batch.right],
        ]
        return torch.cat(parts, dim=1)
