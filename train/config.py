"""The training configuration: every key of the YAML file, its default and its meaning.

A file is checked as a whole before anything is loaded; `KEY=VALUE` on the command line (`optimiser.epochs=3`)
overrides it.
"""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from warwire.annotations.errors import InputError


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of keys; unknown keys and wrong types are refused."""


Whole = TypeVar("Whole", bound=Section)
"""The kind of a whole configuration file."""


class Encoder(Section, frozen=True):
    """A ModernBERT encoder made from scratch; used where `base` is not given.

    `global_every` n: each n-th layer attends to the whole window, the others to `local_attention` tokens around.
    """

    vocabulary: int = 8000
    layers: int = 4
    width: int = 256
    heads: int = 4
    feed_forward: int = 384
    local_attention: int = 16
    global_every: int = 2
    dropout: float = 0.1


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

    copies: int = 0
    exchange: float = 0.5
    gazetteers: str | None = None
    from_gazetteer: float = 0.4
    hidden: float = 0.0


class Windows(Section, frozen=True):
    """Tokens a window, special tokens included, and tokens that neighbours share."""

    size: int = 256
    overlap: int = 64


class Optimiser(Section, frozen=True):
    """AdamW with warm-up and decay.

    `warmup` is a share of all steps; `batch` counts windows a device and step, `accumulate` steps an update.
    `patience` is the number of evaluations without a better dev score after which training stops (0: never).
    """

    epochs: float = 20
    learning_rate: float = 5e-4
    batch: int = 16
    accumulate: int = 1
    weight_decay: float = 0.01
    warmup: float = 0.1
    schedule: Literal["linear", "cosine", "constant_with_warmup"] = "linear"
    label_smoothing: float = 0.0
    patience: int = 5
    precision: Literal["fp32", "bf16", "fp16"] = "fp32"


class TrainConfig(Section, frozen=True):
    """One fine-tuning run.

    `base` is a folder or hub name of any transformers model with a fast tokenizer; null trains `encoder` from
    scratch. `out` is the run folder, relative to the working directory. With `half` the weights of the bundle are
    stored in half precision: a smaller base for another run.
    """

    name: str
    data: Data
    out: str
    base: str | None = None
    encoder: Encoder = Encoder()
    windows: Windows = Windows()
    augment: Augment = Augment()
    optimiser: Optimiser = Optimiser()
    select_by: Literal["f1", "core_f1"] = "core_f1"
    half: bool = False
    seed: int = 42
    threads: int = 0
    report_to: tuple[str, ...] = ("tensorboard",)


def load_config(path: Path, overrides: Sequence[str] = ()) -> TrainConfig:
    """The configuration of a YAML file with overrides applied.

    Raises:
        InputError: naming the file, the key, and the nearest valid key.
    """
    return _resolve(read_sections(path, overrides, TrainConfig), path.parent)


def read_sections(path: Path, overrides: Sequence[str], kind: type[Whole]) -> Whole:
    """A YAML file with overrides applied, as a configuration of the kind.

    Raises:
        InputError: naming the file, the key, and the nearest valid key.
    """
    import yaml

    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path}: no readable YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        raise InputError(f"{path}: a mapping of keys is expected")
    for override in overrides:
        _apply(raw, override)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {error}{_nearest(str(error), kind)}") from None


def _apply(raw: dict[str, Any], override: str) -> None:
    import yaml

    key, equals, value = override.partition("=")
    if not equals or not key:
        raise InputError(f"{override!r} is no KEY=VALUE such as optimiser.epochs=3")
    *groups, last = key.split(".")
    for group in groups:
        raw = raw.setdefault(group, {})
        if not isinstance(raw, dict):
            raise InputError(f"{override!r}: {group!r} has no keys below it")
    try:
        raw[last] = yaml.safe_load(value)
    except yaml.YAMLError:
        raise InputError(f"{override!r}: the value is no YAML") from None


def _nearest(message: str, kind: type[Section]) -> str:
    if "unknown field" not in message:
        return ""
    wrong = message.split("`")[1]
    found = difflib.get_close_matches(wrong, sorted(_keys(kind)), n=1, cutoff=0.5)
    return f"; did you mean `{found[0]}`?" if found else ""


def _keys(kind: type[Section]) -> set[str]:
    keys: set[str] = set()
    for field in msgspec.structs.fields(kind):
        keys.add(field.name)
        if isinstance(field.type, type) and issubclass(field.type, Section):
            keys |= _keys(field.type)
    return keys


def _resolve(config: TrainConfig, folder: Path) -> TrainConfig:
    data = Data(
        [_existing(folder, name) for name in config.data.train],
        [_existing(folder, n) for n in config.data.dev],
    )
    if not 0 <= config.windows.overlap < config.windows.size - 2:
        raise InputError(f"windows.overlap {config.windows.overlap} must be smaller than windows.size - 2")
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
