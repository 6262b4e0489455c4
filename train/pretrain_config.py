"""The pre-training configuration: every key of the YAML file, its default and its meaning."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from warwire.annotations.errors import InputError
from warwire.train.config import Encoder, Section, check_encoder, read_sections
from warwire.train.config_keys import NotNegative, Number, NumberOrZero, Positive, Share, TwoOrMore

_ROUNDING: Final = 1e-9


class Source(Section, frozen=True):
    """Text to pre-train on: a file (.txt, .gz, .zst) or a folder of such.

    `documents` takes only the first so many, `repeat` reads them more than once.
    """

    path: str
    documents: Number | None = None
    repeat: Number = 1


class Hub(Section, frozen=True):
    """A data set of the hub to pre-train on: its name, configuration, split and the column that holds the text."""

    dataset: str
    name: str | None = None
    split: str = "train"
    column: str = "text"
    documents: Number | None = None


class Tokenizer(Section, frozen=True):
    """How the WordPiece vocabulary is learned.

    `sample_mb` of the text, spread evenly over it, are read; letters rarer than `letter_minimum` in them become the
    unknown token.
    """

    sample_mb: Number = 60
    letter_minimum: Number = 30


class CoOccurrence(Section, frozen=True):
    """Token embeddings from co-occurrence counts, before any training; `tokens` 0 starts from random ones.

    The counts are taken within `window` tokens on the first `tokens` of the text; `deviation` is the standard deviation
    of the embeddings, which are also the output weights.
    """

    tokens: NumberOrZero = 30_000_000
    window: Number = 5
    deviation: Positive = 0.05


class Objective(Section, frozen=True):
    """What is learned: to find masked tokens, or to tell tokens that a generator replaced from original ones.

    `masked` is the share of tokens hidden, `whole_words` whether whole words are hidden at once. The generator of
    `kind: replaced` has the first `generator_layers` of the encoder's layers in shape, and the loss of telling weighs
    `detection_weight` times its own.
    """

    kind: Literal["masked", "replaced"] = "masked"
    masked: Share = 0.3
    whole_words: bool = True
    generator_layers: Number = 1
    detection_weight: NotNegative = 50.0


class Schedule(Section, frozen=True):
    """AdamW over a budget of tokens.

    `batch` counts the sequences of a step, which all processes share. `embedding_rate` is a factor to the learning rate
    of the embeddings; `warmup` and `decay` are shares of all steps, with a constant rate between them.
    """

    tokens: Number = 24_000_000
    length: Number = 256
    batch: Number = 32
    learning_rate: Positive = 1e-3
    embedding_rate: NotNegative = 0.3
    weight_decay: NotNegative = 0.01
    warmup: Share = 0.05
    decay: Share = 0.5
    precision: Literal["fp32", "bf16", "fp16"] = "bf16"
    compile: bool = False


class PretrainConfig(Section, frozen=True):
    """One pre-training run over `text` and `hub` together.

    `out` is the run folder, relative to the working directory. `start`, a folder that an earlier run made, gives
    tokenizer and weights to go on from; `encoder` and `tokenizer` then do not count. Every `held_out`-th document is
    kept for the masked-token accuracy; `report_every` and `save_every` count steps.
    """

    name: str
    out: str
    text: tuple[Source, ...] = ()
    hub: tuple[Hub, ...] = ()
    start: str | None = None
    encoder: Encoder = Encoder()
    tokenizer: Tokenizer = Tokenizer()
    co_occurrence: CoOccurrence = CoOccurrence()
    objective: Objective = Objective()
    schedule: Schedule = Schedule()
    held_out: TwoOrMore = 500
    report_every: Number = 100
    save_every: Number = 500
    seed: NumberOrZero = 42
    threads: NumberOrZero = 0
    report_to: tuple[str, ...] = ("tensorboard",)


def load_pretrain_config(path: Path, overrides: Sequence[str] = ()) -> PretrainConfig:
    """The configuration of a YAML file with overrides applied; paths of text are relative to the file.

    Raises:
        InputError: naming the file, the key, and the nearest valid key.
    """
    config = read_sections(path, overrides, PretrainConfig)
    if not config.text and not config.hub:
        raise InputError(f"{path}: neither 'text' nor 'hub' names anything to read")
    _check(path, config)
    start = None if config.start is None else str(path.parent / config.start)
    if start is not None:
        _check_start(path, start, config)
    text = tuple(_found(source, path.parent) for source in config.text)
    return msgspec.structs.replace(config, text=text, start=start)


def _check(path: Path, config: PretrainConfig) -> None:
    """Refuse what single keys allow and their combination does not."""
    schedule, objective = config.schedule, config.objective
    if schedule.tokens < schedule.length * schedule.batch:
        raise InputError(f"{path}: schedule.tokens {schedule.tokens} is less than one batch")
    if schedule.warmup + schedule.decay > 1 + _ROUNDING:
        raise InputError(
            f"{path}: schedule.warmup {schedule.warmup} and schedule.decay {schedule.decay} exceed all steps"
        )
    if not 0 < objective.masked < 1:
        raise InputError(f"{path}: objective.masked {objective.masked} is no share between 0 and 1")
    if config.start is None:
        check_encoder(config.encoder)
    if objective.kind == "replaced" and objective.generator_layers > config.encoder.layers:
        raise InputError(
            f"{path}: objective.generator_layers {objective.generator_layers} is more than encoder.layers "
            f"{config.encoder.layers}"
        )


def _check_start(path: Path, start: str, config: PretrainConfig) -> None:
    if config.objective.kind != "masked":
        raise InputError(f"{path}: objective.kind {config.objective.kind!r} cannot go on from 'start'; leave one out")
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        if not (Path(start) / name).is_file():
            raise InputError(f"{start}: no encoder of an earlier run, {name} is missing (named under 'start')")


def _found(source: Source, folder: Path) -> Source:
    path = folder / source.path
    if not path.exists():
        raise InputError(f"{path}: no such file or folder (named under 'text')")
    return msgspec.structs.replace(source, path=str(path))
