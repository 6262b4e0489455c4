"""The pre-training configuration: every key of the YAML file, its default and its meaning."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from warwire.annotations.errors import InputError
from warwire.train.config import Encoder, Section, read_sections


class Source(Section, frozen=True):
    """Text to pre-train on: a file (.txt, .gz, .zst) or a folder of such.

    `documents` takes only the first so many, `repeat` reads them more than once.
    """

    path: str
    documents: int | None = None
    repeat: int = 1


class Hub(Section, frozen=True):
    """A data set of the hub to pre-train on: its name, configuration, split and the column that holds the text."""

    dataset: str
    name: str | None = None
    split: str = "train"
    column: str = "text"
    documents: int | None = None


class Tokenizer(Section, frozen=True):
    """How the WordPiece vocabulary is learned.

    `sample_mb` of the text, spread evenly over it, are read; letters rarer than `letter_minimum` in them become the
    unknown token.
    """

    sample_mb: int = 60
    letter_minimum: int = 30


class CoOccurrence(Section, frozen=True):
    """Token embeddings from co-occurrence counts, before any training; `tokens` 0 starts from random ones.

    The counts are taken within `window` tokens on the first `tokens` of the text; `deviation` is the standard deviation
    of the embeddings, which are also the output weights.
    """

    tokens: int = 30_000_000
    window: int = 5
    deviation: float = 0.05


class Objective(Section, frozen=True):
    """What is learned: to find masked tokens, or to tell tokens that a generator replaced from original ones.

    `masked` is the share of tokens hidden, `whole_words` whether whole words are hidden at once. The generator of
    `kind: replaced` has the first `generator_layers` of the encoder's layers in shape, and the loss of telling weighs
    `detection_weight` times its own.
    """

    kind: Literal["masked", "replaced"] = "masked"
    masked: float = 0.3
    whole_words: bool = True
    generator_layers: int = 1
    detection_weight: float = 50.0


class Schedule(Section, frozen=True):
    """AdamW over a budget of tokens.

    `batch` counts the sequences of a step, which all processes share. `embedding_rate` is a factor to the learning rate
    of the embeddings; `warmup` and `decay` are shares of all steps, with a constant rate between them.
    """

    tokens: int = 24_000_000
    length: int = 256
    batch: int = 32
    learning_rate: float = 1e-3
    embedding_rate: float = 0.3
    weight_decay: float = 0.01
    warmup: float = 0.05
    decay: float = 0.5
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
    held_out: int = 500
    report_every: int = 100
    save_every: int = 500
    seed: int = 42
    threads: int = 0
    report_to: tuple[str, ...] = ("tensorboard",)


def load_pretrain_config(path: Path, overrides: Sequence[str] = ()) -> PretrainConfig:
    """The configuration of a YAML file with overrides applied; paths of text are relative to the file.

    Raises:
        InputError: naming the file, the key, and the nearest valid key.
    """
    config = read_sections(path, overrides, PretrainConfig)
    if not config.text and not config.hub:
        raise InputError(f"{path}: neither 'text' nor 'hub' names anything to read")
    if config.schedule.tokens < config.schedule.length * config.schedule.batch:
        raise InputError(f"{path}: schedule.tokens {config.schedule.tokens} is less than one batch")
    if not 0 < config.objective.masked < 1:
        raise InputError(f"{path}: objective.masked {config.objective.masked} is no share between 0 and 1")
    start = None if config.start is None else str(path.parent / config.start)
    if start is not None:
        _check_start(path, start, config)
    text = tuple(_found(source, path.parent) for source in config.text)
    return msgspec.structs.replace(config, text=text, start=start)


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
