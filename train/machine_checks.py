"""What a configuration needs of the machine, checked before anything is loaded."""

from importlib.util import find_spec

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.train.config import TrainConfig
from warwire.train.trackers import tracker_names


def check_machine(config: TrainConfig) -> None:
    """Refuse what this machine cannot do.

    Raises:
        InputError: a precision that the device does not have, or a tracker that is unknown or not installed.
        MissingExtraError: adapters are wanted and peft is not installed.
    """
    import torch

    precision = config.optimiser.precision
    gpu = torch.accelerator.is_available()
    if precision == "fp16" and not gpu:
        raise InputError("optimiser.precision fp16 needs a GPU; take bf16 or fp32 here")
    if precision == "bf16" and torch.cuda.is_available() and not torch.cuda.is_bf16_supported():
        raise InputError(f"optimiser.precision bf16: {torch.cuda.get_device_name()} has none; take fp16 or fp32")
    if config.lora is not None and find_spec("peft") is None:
        raise MissingExtraError("peft", "lora")
    tracker_names(config)
