"""Replaced-token detection: a generator fills masked words in, the encoder tells which tokens are not the original.

Clark et al. (2020), "ELECTRA: Pre-training Text Encoders as Discriminators Rather Than Generators". Generator and
encoder share their token embeddings; the detection loss, which every token gives and not just the masked ones, weighs
`weight` times the generator's.
"""

import copy
from typing import Any

import torch
from torch import nn
from transformers import ModernBertConfig, ModernBertForMaskedLM, ModernBertModel
from transformers.modeling_outputs import MaskedLMOutput
from transformers.models.modernbert.modeling_modernbert import ModernBertPreTrainedModel

from warwire.train.masking import IGNORED

_EMBEDDINGS = "model.embeddings.tok_embeddings.weight"


class ReplacedTokenDetection(ModernBertPreTrainedModel):  # type: ignore[no-untyped-call]
    """The encoder `model`, to be kept, and its generator of as many layers as told.

    In evaluation the output is the generator's, whose loss and accuracy are those of masked language modelling.
    """

    _tied_weights_keys = {  # noqa: RUF012 (the base class wants it so)
        f"generator.{_EMBEDDINGS}": _EMBEDDINGS,
        "generator.decoder.weight": _EMBEDDINGS,
    }

    def __init__(self, config: ModernBertConfig, generator_layers: int, weight: float) -> None:
        super().__init__(config)
        small = copy.deepcopy(config)
        small.num_hidden_layers = generator_layers
        small.layer_types = list(config.layer_types or ())[:generator_layers]
        self.model = ModernBertModel(config)
        self.detector = nn.Linear(config.hidden_size, 1)
        self.generator = ModernBertForMaskedLM(small)
        self.weight = weight
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, labels: torch.Tensor, **_: Any
    ) -> MaskedLMOutput:
        """The summed loss of a batch of `Masking`, each tensor of shape (rows, length)."""
        guessed = self.generator(input_ids=input_ids, attention_mask=attention_mask, labels=labels)
        if not self.training:
            return MaskedLMOutput(loss=guessed.loss, logits=guessed.logits)
        masked = labels != IGNORED
        drawn = _sample(guessed.logits.detach().float())
        original = torch.where(masked, labels, input_ids)
        shown = original.masked_scatter(masked, drawn)
        states = self.model(input_ids=shown, attention_mask=attention_mask).last_hidden_state
        replaced = (shown != original).float()
        found = self.detector(states).squeeze(-1).float()
        detection = nn.functional.binary_cross_entropy_with_logits(found, replaced)
        return MaskedLMOutput(loss=guessed.loss + self.weight * detection, logits=guessed.logits)


def _sample(logits: torch.Tensor) -> torch.Tensor:
    """One token id a row, drawn by its probability: the largest logit under Gumbel noise; shape (tokens,)."""
    noise = -torch.log(-torch.log(torch.rand_like(logits).clamp(1e-9, 1 - 1e-6)))
    return (logits + noise).argmax(dim=-1)
