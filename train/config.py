"""The training configuration: every key of the YAML file, its default and its meaning.

A file is checked as a whole before anything is loaded; `KEY=VALUE` on the command line (`optimiser.epochs=3`)
overrides it. The page train/configs/README.md lists the keys, and a test compares it with this file.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import msgspec

from warwire.annotations.errors import InputError
from warwire.train.config_file import read_sections as read_sections
from warwire.train.config_keys import NotNegative, Number, NumberOrZero, Positive, Share
from warwire.train.config_keys import Section as Section

REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+")
"""The name of a repository on a hub, OWNER/NAME."""

Precision: TypeAlias = Literal["fp32", "bf16", "fp16"]


class Encoder(Section, frozen=True):
    """A ModernBERT encoder made from scratch; used where `base` is not given.

    `global_every` n: each n-th layer attends to the whole window, the others to `local_attention` tokens around.
    """

    vocabulary: Number = 8000
    layers: Number = 4
    width: Number = 256
    heads: Number = 4
    feed_forward: Number = 384
    local_attention: Number = 16
    global_every: Number = 2
    dropout: Share = 0.1


class Data(Section, frozen=True):
    """Document JSONL files; paths are relative to the YAML file. Training reads `train`, selection `dev`."""

    train: list[str]
    dev: list[str]


class Augment(Section, frozen=True):
    """Copies of the training documents with mentions exchanged, and tokens hidden at random.

    `exchange` is the probability that a mention in a copy becomes another of its label, `from_gazetteer` the share of
    these that come from files `LABEL.txt` in the folder `gazetteers` (relative to the YAML file) where there is one;
    `hidden` is the share of tokens replaced by the unknown token in each pass over the training data.
    """

    copies: NumberOrZero = 0
    exchange: Share = 0.5
    gazetteers: str | None = None
    from_gazetteer: Share = 0.4
    hidden: Share = 0.0


class Windows(Section, frozen=True):
    """Tokens a window, special tokens included, and tokens that neighbours share."""

    size: Number = 256
    overlap: NumberOrZero = 64


class Optimiser(Section, frozen=True):
    """AdamW with warm-up and decay, and how a step is computed.

    `warmup` is a share of all updates. An update takes `batch` times `accumulate` windows, however many processes there
    are; `batch` of them are computed at once, by all processes together.
    `patience` is the number of evaluations without a better dev score after which training stops (0: never).
    `activation_checkpointing` computes activations again in the backward pass instead of keeping them;
    `group_by_length` puts windows of similar length into one batch; `compile` compiles the network.
    """

    epochs: Positive = 20
    learning_rate: Positive = 5e-4
    batch: Number = 16
    accumulate: Number = 1
    weight_decay: NotNegative = 0.01
    warmup: Share = 0.1
    schedule: Literal["linear", "cosine", "constant_with_warmup"] = "linear"
    label_smoothing: Share = 0.0
    patience: NumberOrZero = 5
    precision: Precision = "fp32"
    activation_checkpointing: bool = False
    group_by_length: bool = False
    compile: bool = False


class Lora(Section, frozen=True):
    """Low-rank adapters: the base stays as it is, small matrices beside its own and the head are trained.

    `alpha` over `rank` scales the update. `targets` are names of linear layers of the base; null takes all of them.
    """

    rank: Number = 16
    alpha: Positive = 32.0
    dropout: Share = 0.1
    targets: tuple[str, ...] | None = None


class Space(Section, frozen=True):
    """Values of one key to draw from: one of `choices`, or a number between `low` and `high`.

    With `log` the number is drawn by its logarithm, with `whole` it is a whole number.
    """

    low: float | None = None
    high: float | None = None
    log: bool = False
    whole: bool = False
    choices: tuple[Any, ...] = ()


class Sweep(Section, frozen=True):
    """What `warwire sweep` tries: every combination of `grid`, or `trials` draws from `search`, each with `seeds`."""

    grid: dict[str, tuple[Any, ...]] = msgspec.field(default_factory=dict)
    search: dict[str, Space] = msgspec.field(default_factory=dict)
    trials: NumberOrZero = 0
    seeds: Number = 1


class TrainConfig(Section, frozen=True):
    """One fine-tuning run.

    `base` is a folder or hub name of any transformers model with a fast tokenizer; null trains `encoder` from
    scratch. `out` is the run folder, relative to the working directory. With `half` the weights of the bundle are
    stored in half precision: a smaller base for another run. `log_every` counts updates between lines of the loss
    curve. `push` names a repository on a hub that gets the bundle when the run is done.
    """

    name: str
    data: Data
    out: str
    base: str | None = None
    encoder: Encoder = Encoder()
    windows: Windows = Windows()
    augment: Augment = Augment()
    optimiser: Optimiser = Optimiser()
    lora: Lora | None = None
    select_by: Literal["f1", "core_f1"] = "core_f1"
    half: bool = False
    seed: NumberOrZero = 42
    threads: NumberOrZero = 0
    log_every: Number = 10
    report_to: tuple[str, ...] = ("tensorboard",)
    push: str | None = None
    sweep: Sweep | None = None


def load_config(path: Path, overrides: Sequence[str] = ()) -> TrainConfig:
    """The configuration of a YAML file with overrides applied, its paths resolved and its files found.

    Raises:
        InputError: naming the file, the key, and the nearest valid key.
    """
    config = read_sections(path, overrides, TrainConfig)
    _check(config)
    return _resolve(config, path.parent)


def check_encoder(encoder: Encoder) -> None:
    """Refuse an encoder whose heads cannot share its width.

    Raises:
        InputError: naming the keys.
    """
    if encoder.width % (2 * encoder.heads):
        raise InputError(f"encoder.width {encoder.width} must be an even multiple of encoder.heads")


def _check(config: TrainConfig) -> None:
    """Refuse what single keys allow and their combination does not."""
    windows = config.windows
    if not windows.overlap < windows.size - 2:
        raise InputError(f"windows.overlap {windows.overlap} must be smaller than windows.size - 2")
    check_encoder(config.encoder)
    if not config.data.train or not config.data.dev:
        raise InputError("data.train and data.dev must each name a file: training reads one, selection the other")
    if config.lora is not None and config.base is None:
        raise InputError("lora adapts a base: name one under 'base', or leave 'lora' out")
    if config.push is not None and not REPOSITORY.fullmatch(config.push):
        raise InputError(f"push {config.push!r} is no repository such as somebody/some-model")


def _resolve(config: TrainConfig, folder: Path) -> TrainConfig:
    data = Data(
        [_existing(folder, name) for name in config.data.train],
        [_existing(folder, n) for n in config.data.dev],
    )
    base = config.base
    if base is not None and (folder / base).is_dir():
        base = str(folder / base)
    augment = config.augment
    if augment.gazetteers is not None:
        augment = msgspec.structs.replace(augment, gazetteers=str(folder / augment.gazetteers))
        if not Path(augment.gazetteers or "").is_dir():
            raise InputError(f"{augment.gazetteers}: no such folder (augment.gazetteers)")
    return msgspec.structs.replace(config, data=data, base=base, augment=augment)


def _existing(folder: Path, name: str) -> str:
    path = folder / name
    if not path.is_file():
        raise InputError(f"{path}: no such file (named under 'data')")
    return str(path)
