"""Pre-training of a small encoder by masked language modelling, with the transformers Trainer.

OUT/config.json          the resolved configuration
OUT/tokenizer/           learned from the text
OUT/text/                the text as token ids
OUT/checkpoints/         for going on: see `warwire.train.checkpoints`
OUT/metrics.jsonl        loss, and masked-token accuracy on held-out text, by step
OUT/encoder/             weights and tokenizer, to be named as `base` of a fine-tuning run

Like fine-tuning, it goes on after a kill as if it had not been stopped, and runs as several processes, which share the
sequences of each step.
"""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from warwire.annotations.errors import InputError
from warwire.train.co_occurrence import embeddings
from warwire.train.encoder import encoder_config, train_tokenizer
from warwire.train.held_out import HeldOut, held_out_lines
from warwire.train.masking import Masking
from warwire.train.packing import Ids, Packed, pack, sequences, text_key
from warwire.train.pretrain_config import PretrainConfig, Source
from warwire.train.processes import disconnect, is_main, main_first, processes, told_once
from warwire.train.run_folder import claimed, find_checkpoint, locked, tell, write_records
from warwire.train.signals import StopRequest, stop_requests
from warwire.train.text import read_text, text_files

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

    from warwire.train.trainer import ResumableTrainer

_HELD_OUT_SEQUENCES: Final = 256
_SAMPLE_EVERY: Final = 20
_DROPOUTS: Final = ("embedding_dropout", "mlp_dropout", "attention_dropout", "classifier_dropout")


@dataclass(frozen=True, slots=True)
class Pretrained:
    """The encoder that a run produced, and its loss (nats) and accuracy on masked tokens of held-out text."""

    encoder: Path
    loss: float
    accuracy: float


def pretrain(config: PretrainConfig, *, resume: bool = True, quiet: bool = False) -> Pretrained:
    """Pre-train as the configuration says.

    Args:
        config: from `load_pretrain_config`.
        resume: go on from the newest checkpoint in the run folder, if there is one.
        quiet: no progress bar.

    Raises:
        InputError: text that cannot be read, too little of it, or a run folder of another configuration or in use.
        PreemptedError: SIGTERM or SIGUSR1 came; the same command goes on.
        NoRoomError: a checkpoint cannot be written.
    """
    import torch
    from transformers import set_seed

    if config.threads:
        torch.set_num_threads(config.threads)
    out = Path(config.out)
    with stop_requests() as stop, locked(out):
        with told_once(), claimed(out, config, made=("tokenizer", "text")):
            set_seed(config.seed)
            with main_first():
                tokenizer = _tokenizer(config, Path(config.start) if config.start else out / "tokenizer")
                packed = _packed(config, tokenizer, out / "text")
            checkpoint = find_checkpoint(out / "checkpoints") if resume else None
            model = _model(config, tokenizer, packed.train if checkpoint is None else None)
            trainer, held_out = _trainer(config, tokenizer, model, packed, stop, quiet=quiet)
        trainer.run(checkpoint)
        loss, accuracy = held_out.score(model)
        disconnect()
        if is_main():
            summary = {"loss": loss, "accuracy": accuracy, "steps": trainer.state.global_step}
            write_records(out, trainer.state.log_history, summary)
            _save(out / "encoder", config, model, tokenizer)
        return Pretrained(out / "encoder", loss, accuracy)


def _tokenizer(config: PretrainConfig, folder: Path) -> "PreTrainedTokenizerFast":
    from transformers import AutoTokenizer

    if (folder / "tokenizer.json").is_file():
        loaded: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        return cast("PreTrainedTokenizerFast", loaded)
    tell("learning the vocabulary")
    texts = _sample(read_text(config.text, config.hub), config.tokenizer.sample_mb * 1_000_000)
    tokenizer = train_tokenizer(texts, config.encoder.vocabulary, config.tokenizer.letter_minimum)
    part = folder.with_name(folder.name + ".part")
    tokenizer.save_pretrained(part)
    part.rename(folder)
    return tokenizer


def _sample(documents: Iterable[str], size: int) -> Iterator[str]:
    """Documents of `size` code points in all, from all over the text; where it is short, all of it."""
    kept: list[list[str]] = [[] for _ in range(_SAMPLE_EVERY)]
    for number, text in enumerate(documents):
        kept[number % _SAMPLE_EVERY].append(text)
    read = 0
    for group in kept:
        for text in group:
            yield text
            read += len(text)
            if read >= size:
                return


def _packed(config: PretrainConfig, tokenizer: "PreTrainedTokenizerFast", folder: Path) -> Packed:
    parts = [part for source in config.text for part in _fingerprint(source)]
    parts += [repr(source) for source in config.hub]
    key = text_key([*parts, tokenizer.backend_tokenizer.to_str(), str(config.held_out)])
    tell("tokenising the text")
    packed = pack(folder, read_text(config.text, config.hub), tokenizer, config.held_out, key)
    length, batch = config.schedule.length, config.schedule.batch
    if len(packed.train) < length * batch or len(packed.held_out) < length:
        raise InputError(
            f"{len(packed.train)} tokens of text and {len(packed.held_out)} held out: too little for a batch of "
            f"{batch} sequences of {length}; give more text, or smaller schedule.batch, schedule.length or held_out"
        )
    tell(f"{len(packed.train):,} tokens of text, {len(packed.held_out):,} held out")
    return packed


def _fingerprint(source: Source) -> Iterator[str]:
    yield repr((source.documents, source.repeat))
    for path in text_files(Path(source.path)):
        yield f"{path.name} {path.stat().st_size}"


def _model(config: PretrainConfig, tokenizer: "PreTrainedTokenizerFast", ids: Ids | None) -> "PreTrainedModel":
    from transformers import ModernBertForMaskedLM

    if config.start is not None:
        return _started(config)
    architecture = encoder_config(config.encoder, tokenizer, config.schedule.length, dropout=0.0)
    # Only the masked tokens go through the output layer, which costs more than the rest of a small encoder.
    architecture.sparse_prediction = True
    model: PreTrainedModel
    if config.objective.kind == "replaced":
        from warwire.train.replaced import ReplacedTokenDetection

        objective = config.objective
        model = ReplacedTokenDetection(architecture, objective.generator_layers, objective.detection_weight)
    else:
        model = ModernBertForMaskedLM(architecture)
    if ids is not None and config.co_occurrence.tokens:
        _set_embeddings(model, config, ids, len(tokenizer))
    return model


def _started(config: PretrainConfig) -> "PreTrainedModel":
    from transformers import ModernBertForMaskedLM

    changes: dict[str, Any] = {**dict.fromkeys(_DROPOUTS, 0.0), "sparse_prediction": True, "dtype": "float32"}
    model: PreTrainedModel = ModernBertForMaskedLM.from_pretrained(config.start, local_files_only=True, **changes)
    return model


def _set_embeddings(model: "PreTrainedModel", config: PretrainConfig, ids: Ids, vocabulary: int) -> None:
    import torch

    tell("counting co-occurrences")
    counting = config.co_occurrence
    weight = cast("torch.Tensor", model.get_input_embeddings().weight)
    found = embeddings(ids[: counting.tokens], vocabulary, weight.shape[1], counting.window, config.seed)
    with torch.no_grad():
        seen = torch.from_numpy(found.any(axis=1))
        weight[seen] = torch.from_numpy(found)[seen]
        weight *= counting.deviation / weight[seen].std()


def _trainer(
    config: PretrainConfig,
    tokenizer: "PreTrainedTokenizerFast",
    model: "PreTrainedModel",
    packed: Packed,
    stop: StopRequest,
    *,
    quiet: bool,
) -> tuple["ResumableTrainer", HeldOut]:
    from transformers import PrinterCallback
    from transformers.utils.logging import disable_progress_bar

    from warwire.train.metric_log import metric_log
    from warwire.train.trainer import ResumableTrainer

    disable_progress_bar()  # type: ignore[no-untyped-call]  # of writing weights; the bar over the steps stays
    masking = _masking(config, tokenizer)
    rows = sequences(packed.held_out, config.schedule.length)[:_HELD_OUT_SEQUENCES]
    held_out = HeldOut(np.asarray(rows, dtype=np.int64), masking, config.schedule.batch)
    lines = held_out_lines(held_out, config.schedule.length * config.schedule.batch)
    trainer = ResumableTrainer(
        stop=stop,
        model=model,
        args=_arguments(config, quiet=quiet),
        train_dataset=_Rows(sequences(packed.train, config.schedule.length)),
        data_collator=masking,
        callbacks=[lines, metric_log(Path(config.out))] if is_main() else [],
        optimizers=(_optimiser(config, model), None),
    )
    trainer.remove_callback(PrinterCallback)
    return trainer, held_out


@dataclass(frozen=True)
class _Rows:
    """Sequences as the Trainer wants them: a row of ids under each number."""

    ids: Ids

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, number: int) -> "torch.Tensor":
        import torch

        return torch.from_numpy(np.asarray(self.ids[number], dtype=np.int64))


def _masking(config: PretrainConfig, tokenizer: "PreTrainedTokenizerFast") -> Masking:
    import torch

    continues = None
    if config.objective.whole_words:
        pieces = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
        continues = torch.tensor([piece.startswith("##") for piece in pieces])
    special = torch.tensor(sorted(tokenizer.all_special_ids))
    return Masking(
        int(tokenizer.mask_token_id or 0), len(tokenizer), special, config.objective.masked, config.seed, continues
    )


def _optimiser(config: PretrainConfig, model: "PreTrainedModel") -> "torch.optim.Optimizer":
    import torch

    schedule = config.schedule
    embedding = model.get_input_embeddings().weight
    rest = [parameter for parameter in model.parameters() if parameter is not embedding]
    groups: list[dict[str, Any]] = [
        {"params": [embedding], "lr": schedule.learning_rate * schedule.embedding_rate, "weight_decay": 0.0},
        {"params": [p for p in rest if p.ndim > 1], "weight_decay": schedule.weight_decay},
        {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=schedule.learning_rate, betas=(0.9, 0.98))


def _arguments(config: PretrainConfig, *, quiet: bool) -> Any:
    import torch
    from transformers import TrainingArguments

    schedule = config.schedule
    if schedule.batch % processes():
        raise InputError(f"schedule.batch {schedule.batch} is no multiple of the {processes()} processes that share it")
    steps = schedule.tokens // (schedule.length * schedule.batch)
    warmup, decay = round(steps * schedule.warmup), round(steps * schedule.decay)
    return TrainingArguments(
        output_dir=str(Path(config.out) / "checkpoints"),
        max_steps=steps,
        per_device_train_batch_size=schedule.batch // processes(),
        lr_scheduler_type="warmup_stable_decay",
        lr_scheduler_kwargs={"num_decay_steps": decay, "decay_type": "linear", "min_lr_ratio": 0.0},
        warmup_steps=warmup,
        max_grad_norm=1.0,
        bf16=schedule.precision == "bf16",
        fp16=schedule.precision == "fp16",
        torch_compile=schedule.compile,
        logging_steps=config.report_every,
        save_steps=config.save_every,
        logging_nan_inf_filter=False,
        ddp_find_unused_parameters=False,
        seed=config.seed,
        data_seed=config.seed,
        report_to=list(config.report_to) or "none",
        disable_tqdm=quiet or not is_main(),
        use_cpu=not torch.accelerator.is_available(),
        dataloader_pin_memory=False,
        remove_unused_columns=False,
    )


def _save(folder: Path, config: PretrainConfig, model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerFast") -> Path:
    kept: Any = model
    if config.objective.kind == "replaced":
        kept = model.model
    # Pre-training reads little text often enough to need no dropout; fine-tuning, which starts from here, does.
    for name in _DROPOUTS:
        setattr(kept.config, name, config.encoder.dropout)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    # Half the size, and the rounding is far smaller than what a little more training would change.
    kept.half().save_pretrained(part)
    tokenizer.save_pretrained(part)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return folder
