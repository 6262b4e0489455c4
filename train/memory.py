"""How much memory and time a training run will take on one graphics card: an estimate from the configuration alone.

    python -m warwire.train.memory train/configs/roberta-base.yaml [KEY=VALUE...]

Parameters are counted on the real network without its weights. Weights, gradients and the two moments of AdamW are
kept in fp32, with 16-bit copies of the matrices under bf16 or fp16. What the backward pass keeps is
`_Kept` bytes a token and layer; its factors were counted on small networks, and a test counts them again. Time is
floating-point operations over an assumed share of a card's peak; evaluations, loading and saving are not in it.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from warwire.annotations.errors import InputError, WarwireError
from warwire.annotations.jsonl import read_documents
from warwire.annotations.statistics import describe
from warwire.train.config import TrainConfig, load_config

if TYPE_CHECKING:
    from transformers import PretrainedConfig

_FP32: Final = 4
_MOMENTS: Final = 8
_SIXTEEN: Final = 2
_FIXED: Final = 1.0e9
"""Bytes of the card's own libraries and working space."""

_SPARE: Final = 1.1
"""Memory that is reserved in pieces which do not fit."""

_TOKENS_A_WORD: Final = 1.4
_OVERLAPS_AND_PADDING: Final = 1.2
_GIGA: Final = 1e9


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card: bytes of memory, dense bf16 operations a second at its peak."""

    name: str
    memory: float
    peak: float


CARDS: Final = (Card("24 GB card", 24e9, 70e12), Card("80 GB card", 80e9, 312e12))
"""An RTX 3090 or A10G, and an A100."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Bytes kept for the backward pass, a token and layer, as factors.

    They are multiplied by the width, the width of the feed-forward layer, the heads times the keys, the heads times
    the relative positions, and the keys. `use` is the share of a card's peak that training is assumed to reach.
    """

    width: float
    feed_forward: float
    head_keys: float
    head_positions: float
    keys: float
    use: float


_KEPT: Final[dict[tuple[str, bool], _Kept]] = {
    ("classic", True): _Kept(34, 4, 0, 0, 2, 0.2),
    ("classic", False): _Kept(40, 8, 0, 0, 4, 0.2),
    ("modernbert", True): _Kept(24, 8, 0, 0, 2, 0.2),
    ("modernbert", False): _Kept(40, 16, 0, 0, 4, 0.2),
    ("deberta-v2", True): _Kept(42, 4, 6, 4, 0, 0.12),
    ("deberta-v2", False): _Kept(80, 8, 12, 8, 0, 0.12),
}
"""By family and whether activations have 16 bits."""

_CLASSIC: Final[dict[str, int]] = {"max_position_embeddings": 514, "type_vocab_size": 1, "pad_token_id": 1}
_BASE: Final = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}
_LARGE: Final = {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096}
_DEBERTA: Final[dict[str, Any]] = {
    "vocab_size": 128100,
    "relative_attention": True,
    "pos_att_type": ["p2c", "c2p"],
    "share_att_key": True,
    "position_buckets": 256,
    "norm_rel_ebd": "layer_norm",
    "position_biased_input": False,
    "type_vocab_size": 0,
}
ARCHITECTURES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "FacebookAI/roberta-base": ("roberta", {**_BASE, **_CLASSIC, "vocab_size": 50265}),
    "FacebookAI/roberta-large": ("roberta", {**_LARGE, **_CLASSIC, "vocab_size": 50265}),
    "FacebookAI/xlm-roberta-base": ("xlm-roberta", {**_BASE, **_CLASSIC, "vocab_size": 250002}),
    "microsoft/deberta-v3-base": ("deberta-v2", {**_BASE, **_DEBERTA}),
    "microsoft/deberta-v3-large": ("deberta-v2", {**_LARGE, **_DEBERTA}),
    "answerdotai/ModernBERT-base": (
        "modernbert",
        {**_BASE, "num_hidden_layers": 22, "intermediate_size": 1152, "vocab_size": 50368},
    ),
    "answerdotai/ModernBERT-large": (
        "modernbert",
        {**_LARGE, "num_hidden_layers": 28, "intermediate_size": 2624, "vocab_size": 50368},
    ),
}
"""Model type and sizes of the bases that train/configs/ names, so that nothing need be fetched for an estimate."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens that a whole run reads, all epochs together, and those of its longest document."""

    tokens: float
    longest: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """Parameters, bytes by use, operations of the whole run, and the share of a card's peak that it will reach."""

    parameters: int
    trained: int
    states: float
    activations: float
    operations: float
    use: float

    @property
    def memory(self) -> float:
        """Bytes on one card, fixed and spare ones included."""
        return (self.states + self.activations) * _SPARE + _FIXED

    def minutes(self, card: Card) -> float:
        """Minutes of training on one card, evaluations not counted."""
        return self.operations / (card.peak * self.use) / 60

    def line(self) -> str:
        """One line with memory and time, as the head of each configuration has it."""
        times = ", ".join(f"{_shown(self.minutes(card))} on one {card.name}" for card in CARDS)
        return f"about {self.memory / _GIGA:.0f} GB and {times}"


def estimate(config: TrainConfig, amount: Amount) -> Estimate:
    """The estimate for a configuration.

    Args:
        config: from `load_config`.
        amount: from `amount_of`.

    Raises:
        InputError: a base whose sizes are not known without fetching it.
    """
    architecture = _architecture(config)
    total, tables = _parameters(architecture)
    matrices = total - tables
    lora, optimiser = config.lora, config.optimiser
    trained = total if lora is None else min(total, _adapter_weights(architecture, lora.rank))
    sixteen = optimiser.precision != "fp32"
    states = _FP32 * total + (_FP32 + _MOMENTS) * trained + (_SIXTEEN * matrices if sixteen else 0)
    family = _family(architecture)
    kept = _KEPT[family, sixteen]
    length = min(config.windows.size, amount.longest)
    window = length * optimiser.batch
    layer = window * kept_bytes(architecture, length, sixteen=sixteen)
    activations = layer * architecture.num_hidden_layers
    if optimiser.activation_checkpointing:
        activations = layer + window * _FP32 * architecture.hidden_size * architecture.num_hidden_layers
    passes = (3 if lora is None else 2) + optimiser.activation_checkpointing
    forward = 2 * matrices + _attention_operations(architecture, length)
    return Estimate(total, trained, states, activations, passes * forward * amount.tokens, kept.use)


def kept_bytes(architecture: "PretrainedConfig", keys: int, *, sixteen: bool) -> float:
    """Bytes a token and layer kept for the backward pass in windows of `keys` tokens."""
    kept = _KEPT[_family(architecture), sixteen]
    positions = 2 * getattr(architecture, "position_buckets", 0)
    return float(
        kept.width * architecture.hidden_size
        + kept.feed_forward * architecture.intermediate_size
        + kept.head_keys * architecture.num_attention_heads * keys
        + kept.head_positions * architecture.num_attention_heads * positions
        + kept.keys * keys
    )


def amount_of(config: TrainConfig) -> Amount:
    """About how much a configuration reads."""
    documents = [document for path in config.data.train for document in read_documents(Path(path))]
    copies = 1 + config.augment.copies
    tokens = describe(documents).words * copies * config.optimiser.epochs * _TOKENS_A_WORD * _OVERLAPS_AND_PADDING
    longest = max((len(document.text.split()) for document in documents), default=0)
    return Amount(tokens, int(longest * _TOKENS_A_WORD * _OVERLAPS_AND_PADDING))


def main(arguments: Sequence[str]) -> None:
    """Print the estimate for a configuration file."""
    config = load_config(Path(arguments[0]), arguments[1:])
    found = estimate(config, amount_of(config))
    print(f"{config.base or 'encoder'}: {found.parameters / 1e6:.1f} M parameters, {found.trained / 1e6:.1f} M trained")
    print(f"states {found.states / _GIGA:.1f} GB, activations {found.activations / _GIGA:.1f} GB")
    print(f"estimated: {found.line()}")
    for card in CARDS:
        if found.memory > card.memory:
            print(
                f"too much for a {card.name}: halve optimiser.batch and double optimiser.accumulate, or set "
                "optimiser.activation_checkpointing"
            )


def _shown(minutes: float) -> str:
    return f"{max(1, round(minutes))} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def _family(architecture: "PretrainedConfig") -> str:
    kind = str(architecture.model_type)
    return kind if (kind, True) in _KEPT else "classic"


def _architecture(config: TrainConfig) -> "PretrainedConfig":
    from transformers import AutoConfig

    from warwire.annotations.labels import BIO_TAGS

    labels = {"num_labels": len(BIO_TAGS)}
    if config.base is None:
        encoder = config.encoder
        sizes = {"hidden_size": encoder.width, "num_hidden_layers": encoder.layers, "vocab_size": encoder.vocabulary}
        more = {"num_attention_heads": encoder.heads, "intermediate_size": encoder.feed_forward}
        made: PretrainedConfig = AutoConfig.for_model("modernbert", **sizes, **more, **labels)
        return made
    if config.base in ARCHITECTURES:
        kind, sizes = ARCHITECTURES[config.base]
        named: PretrainedConfig = AutoConfig.for_model(kind, **sizes, **labels)
        return named
    if not Path(config.base).is_dir():
        known = ", ".join(ARCHITECTURES)
        raise InputError(
            f"base {config.base!r}: its sizes are not known; give a folder that holds it, or one of {known}"
        )
    try:
        found: PretrainedConfig = AutoConfig.from_pretrained(config.base, local_files_only=True, **labels)
    except (OSError, ValueError) as error:
        raise InputError(f"base {config.base!r} cannot be read: {str(error).splitlines()[0]}") from None
    return found


def _parameters(architecture: "PretrainedConfig") -> tuple[int, int]:
    """All parameters of the tagger, and those in tables that are looked up, not multiplied."""
    import torch
    from transformers import AutoModelForTokenClassification

    with torch.device("meta"):
        make: Any = AutoModelForTokenClassification.from_config
        model = make(architecture)
    tables = (part for part in model.modules() if isinstance(part, torch.nn.Embedding))
    return sum(p.numel() for p in model.parameters()), sum(table.weight.numel() for table in tables)


def _adapter_weights(architecture: "PretrainedConfig", rank: int) -> int:
    """The parameters of adapters of a rank beside the four attention and two feed-forward matrices of each layer."""
    width, inner = int(architecture.hidden_size), int(architecture.intermediate_size)
    return rank * int(architecture.num_hidden_layers) * (4 * 2 * width + 2 * (width + inner))


def _attention_operations(architecture: "PretrainedConfig", window: int) -> float:
    """Operations a token of the attention itself, over all layers."""
    local = getattr(architecture, "local_attention", window)
    kinds = getattr(architecture, "layer_types", None) or ["full_attention"] * architecture.num_hidden_layers
    keys = sum(window if kind == "full_attention" else min(window, local) for kind in kinds)
    positions = 2 * getattr(architecture, "position_buckets", 0) * architecture.num_hidden_layers
    return float(4 * architecture.hidden_size * (keys + positions / 2))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except WarwireError as wrong:
        print(f"warwire: {wrong}", file=sys.stderr)
        raise SystemExit(wrong.exit_code) from None
