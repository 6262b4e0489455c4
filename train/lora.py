"""Low-rank adapters (LoRA) through peft: less memory to train, and an ordinary network at the end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.train.config import Lora
from warwire.train.encoder import Network

if TYPE_CHECKING:
    from transformers import PreTrainedModel


def with_adapters(network: Network, lora: Lora | None) -> Network:
    """The network with adapters beside its linear layers; only these and the head are trained. Without `lora`, itself.

    The head is saved whole with the adapters in every checkpoint.

    Raises:
        InputError: a target is no linear layer of the base.
        MissingExtraError: peft is not installed.
    """
    if lora is None:
        return network
    try:
        from peft import LoraConfig, TaskType, get_peft_model
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "peft", "lora") from None
    make: Any = LoraConfig  # its annotation wants a whole number for alpha, its arithmetic does not
    settings = make(
        task_type=TaskType.TOKEN_CLS,
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=_targets(network.model, lora.targets),
        modules_to_save=list(_head(network.model)),
    )
    adapted: Any = get_peft_model(network.model, settings)
    return Network(adapted, network.tokenizer)


def merged(network: Network) -> Network:
    """The network with its adapters added into the weights beside them; one without adapters is given back."""
    model: Any = network.model
    if not hasattr(model, "merge_and_unload"):
        return network
    return Network(model.merge_and_unload(), network.tokenizer)


def _head(model: "PreTrainedModel") -> tuple[str, ...]:
    """Names of the parts beside the base: the head, with the layers before the classifier where there are any."""
    return tuple(name for name, part in model.named_children() if name != model.base_model_prefix and _weights(part))


def _weights(part: Any) -> int:
    return sum(weight.numel() for weight in part.parameters())


def _targets(model: "PreTrainedModel", wanted: Sequence[str] | None) -> list[str]:
    import torch

    base: Any = getattr(model, model.base_model_prefix)
    linear = {name for name, part in base.named_modules() if isinstance(part, torch.nn.Linear)}
    if wanted is None:
        return sorted(f"{model.base_model_prefix}.{name}" for name in linear)
    short = sorted({name.rpartition(".")[2] for name in linear})
    for target in wanted:
        if not any(name == target or name.endswith(f".{target}") for name in linear):
            raise InputError(f"lora.targets: {target!r} is no linear layer of this base; there are {', '.join(short)}")
    return list(wanted)
