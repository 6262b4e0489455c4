"""Fine-tuning with the transformers Trainer: configuration in, run folder with a model bundle out.

OUT/config.json          the resolved configuration
OUT/checkpoints/         the Trainer's own, for resuming
OUT/metrics.jsonl        loss and dev scores by step
OUT/model/               the bundle of the best epoch: weights, tokenizer, label map, manifest
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents
from warwire.annotations.labels import LABELS
from warwire.annotations.statistics import describe
from warwire.train.augment import augment, dropped_tokens
from warwire.train.config import TrainConfig
from warwire.train.encoder import Network, load_network
from warwire.train.epochs import epoch_lines
from warwire.train.features import Misaligned, WindowShape, build_rows
from warwire.train.run_folder import claim, newest_checkpoint, tell, write_records
from warwire.train.save import save_bundle
from warwire.train.scoring import compute_metrics

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import Trainer


@dataclass(frozen=True, slots=True)
class Result:
    """The bundle that a run produced, and the dev scores of its best epoch."""

    bundle: Path
    metrics: dict[str, float]


def finetune(config: TrainConfig, *, resume: bool = True, quiet: bool = False) -> Result:
    """Train as the configuration says.

    Args:
        config: from `load_config`.
        resume: go on from the newest checkpoint in the run folder, if there is one.
        quiet: no progress bar.

    Raises:
        InputError: bad data, a base that cannot be loaded, or a run folder of another configuration.
    """
    import torch
    from transformers import set_seed

    if config.threads:
        torch.set_num_threads(config.threads)
    train = [document for path in config.data.train for document in read_documents(Path(path))]
    dev = [document for path in config.data.dev for document in read_documents(Path(path))]
    _warn_about_data(train, dev)
    out = Path(config.out)
    claim(out, config)
    set_seed(config.seed)
    network = load_network(config, [document.text for document in train])
    shape = window_shape(config, network)
    trainer, lost = _trainer(config, network, shape, (train, dev), quiet=quiet)
    for item in lost[:5]:
        tell(f"{item.document}, span {item.span}: {item.surface!r} does not end at tokens; it is cut or lost")
    if lost:
        tell(f"{len(lost)} spans do not end at tokens of this tokenizer")
    checkpoint = newest_checkpoint(out / "checkpoints") if resume else None
    if checkpoint is not None:
        tell(f"going on from {checkpoint}")
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    final = trainer.evaluate(metric_key_prefix="best")
    metrics = {name: float(final[f"best_{name}"]) for name in ("f1", "core_f1", "precision", "recall", "loss")}
    bundle = save_bundle(out / "model", config.name, network, shape, half=config.half)
    summary = {"dev": metrics, "best_checkpoint": trainer.state.best_model_checkpoint}
    write_records(out, trainer.state.log_history, summary)
    return Result(bundle, metrics)


def window_shape(config: TrainConfig, network: Network) -> WindowShape:
    """The windows of a configuration with the special tokens of its tokenizer around them."""
    tokenizer = network.tokenizer
    plain = tokenizer("a", add_special_tokens=False)["input_ids"]
    full = tokenizer("a")["input_ids"]
    at = next(i for i in range(len(full)) if full[i : i + len(plain)] == plain)
    prefix, suffix = tuple(full[:at]), tuple(full[at + len(plain) :])
    return WindowShape(config.windows.size, config.windows.overlap, prefix, suffix)


def _trainer(
    config: TrainConfig,
    network: Network,
    shape: WindowShape,
    data: tuple[Sequence[Document], Sequence[Document]],
    *,
    quiet: bool,
) -> tuple["Trainer", tuple[Misaligned, ...]]:
    from tokenizers import Tokenizer
    from transformers import (
        DataCollatorForTokenClassification,
        EarlyStoppingCallback,
        PrinterCallback,
        Trainer,
    )
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # those of loading and writing weights; the bar over the steps stays
    raw = Tokenizer.from_str(network.tokenizer.backend_tokenizer.to_str())
    raw.no_truncation()
    raw.no_padding()
    augmented = augment(data[0], config.augment, config.seed)
    (train, lost), (dev, lost_dev) = build_rows(augmented, raw, shape), build_rows(data[1], raw, shape)
    if config.augment.hidden:
        train = _with_hidden_tokens(train, network, config.augment.hidden)
    patience = config.optimiser.patience
    trainer = Trainer(
        model=network.model,
        args=_arguments(config, quiet=quiet),
        train_dataset=train,
        eval_dataset=dev,
        data_collator=DataCollatorForTokenClassification(network.tokenizer),
        compute_metrics=compute_metrics,
        callbacks=[epoch_lines(), *([EarlyStoppingCallback(patience)] if patience else [])],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer, (*lost, *lost_dev)


def _with_hidden_tokens(rows: "Dataset", network: Network, share: float) -> "Dataset":
    """The rows with some tokens replaced by the unknown token, others each time they are read."""
    tokenizer = network.tokenizer
    unknown = tokenizer.unk_token_id if tokenizer.unk_token_id is not None else tokenizer.mask_token_id
    if unknown is None:
        raise InputError("augment.hidden: this base's tokenizer has neither an unknown nor a mask token; set it to 0")
    keep = frozenset(tokenizer.all_special_ids)

    def hide(batch: dict[str, Any]) -> dict[str, Any]:
        return {**batch, "input_ids": list(dropped_tokens(batch["input_ids"], unknown, keep, share))}

    return rows.with_transform(hide)


def _arguments(config: TrainConfig, *, quiet: bool) -> Any:
    import torch
    from transformers import TrainingArguments

    optimiser = config.optimiser
    return TrainingArguments(
        output_dir=str(Path(config.out) / "checkpoints"),
        num_train_epochs=optimiser.epochs,
        learning_rate=optimiser.learning_rate,
        per_device_train_batch_size=optimiser.batch,
        per_device_eval_batch_size=optimiser.batch * 2,
        gradient_accumulation_steps=optimiser.accumulate,
        weight_decay=optimiser.weight_decay,
        warmup_steps=optimiser.warmup,
        lr_scheduler_type=optimiser.schedule,
        label_smoothing_factor=optimiser.label_smoothing,
        bf16=optimiser.precision == "bf16",
        fp16=optimiser.precision == "fp16",
        eval_strategy="epoch",
        save_strategy="epoch",
        logging_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model=config.select_by,
        greater_is_better=True,
        seed=config.seed,
        data_seed=config.seed,
        report_to=list(config.report_to) or "none",
        disable_tqdm=quiet,
        use_cpu=not torch.accelerator.is_available(),
        dataloader_pin_memory=False,
        remove_unused_columns=False,
    )


def _warn_about_data(train: Sequence[Document], dev: Sequence[Document]) -> None:
    counts = describe(train).by_label
    absent = [label for label in LABELS if not counts[label]]
    if absent:
        tell(f"never in the training data, so never predicted: {', '.join(absent)}")
    texts = {document.text for document in train}
    for document in dev:
        if document.text in texts:
            raise InputError(f"document {document.id}: its text is in both train and dev; keep it in one of them")
