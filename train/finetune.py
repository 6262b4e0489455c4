"""Fine-tuning with the transformers Trainer: configuration in, run folder with a model bundle out.

OUT/config.json          the resolved configuration
OUT/checkpoints/         the Trainer's own, for resuming
OUT/metrics.jsonl        loss and dev scores by step
OUT/model/               the bundle of the best epoch: weights, tokenizer, label map, manifest
"""

import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

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
    _claim(out, config)
    set_seed(config.seed)
    network = load_network(config, [document.text for document in train])
    shape = window_shape(config, network)
    trainer, lost = _trainer(config, network, shape, (train, dev), quiet=quiet)
    for item in lost[:5]:
        _tell(f"{item.document}, span {item.span}: {item.surface!r} does not end at tokens; it is cut or lost")
    if lost:
        _tell(f"{len(lost)} spans do not end at tokens of this tokenizer")
    checkpoint = newest_checkpoint(out / "checkpoints") if resume else None
    if checkpoint is not None:
        _tell(f"going on from {checkpoint}")
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    final = trainer.evaluate(metric_key_prefix="best")
    metrics = {name: float(final[f"best_{name}"]) for name in ("f1", "core_f1", "precision", "recall", "loss")}
    bundle = save_bundle(out / "model", config.name, network, shape)
    _write_records(out, trainer, metrics)
    return Result(bundle, metrics)


def window_shape(config: TrainConfig, network: Network) -> WindowShape:
    """The windows of a configuration with the special tokens of its tokenizer around them."""
    tokenizer = network.tokenizer
    plain = tokenizer("a", add_special_tokens=False)["input_ids"]
    full = tokenizer("a")["input_ids"]
    at = next(i for i in range(len(full)) if full[i : i + len(plain)] == plain)
    prefix, suffix = tuple(full[:at]), tuple(full[at + len(plain) :])
    return WindowShape(config.windows.size, config.windows.overlap, prefix, suffix)


def newest_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that holds every file a resumed run needs; incomplete ones are named and skipped."""
    needed = ("model.safetensors", "optimizer.pt", "scheduler.pt", "rng_state.pth", "trainer_state.json")
    found = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)
    for path in found:
        missing = [name for name in needed if not (path / name).is_file() or not (path / name).stat().st_size]
        if not missing:
            return path
        _tell(f"{path} is incomplete ({', '.join(missing)}); an older checkpoint is tried")
    return None


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
    augmented = augment(data[0], config.augment.copies, config.augment.exchange, config.seed)
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
        dataloader_pin_memory=False,
        remove_unused_columns=False,
    )


def _warn_about_data(train: Sequence[Document], dev: Sequence[Document]) -> None:
    counts = describe(train).by_label
    absent = [label for label in LABELS if not counts[label]]
    if absent:
        _tell(f"never in the training data, so never predicted: {', '.join(absent)}")
    texts = {document.text for document in train}
    for document in dev:
        if document.text in texts:
            raise InputError(f"document {document.id}: its text is in both train and dev; keep it in one of them")


def _claim(out: Path, config: TrainConfig) -> None:
    """Write the configuration into the run folder, or refuse a folder that belongs to another one."""
    path = out / "config.json"
    encoded = msgspec.json.format(msgspec.json.encode(config), indent=2)
    if path.is_file() and path.read_bytes() != encoded:
        raise InputError(f"{path}: this run folder belongs to another configuration; give another 'out' or remove it")
    out.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded)


def _write_records(out: Path, trainer: "Trainer", metrics: dict[str, float]) -> None:
    with (out / "metrics.jsonl").open("wb") as file:
        file.writelines(msgspec.json.encode(entry) + b"\n" for entry in trainer.state.log_history)
    packages = ("warwire", "torch", "transformers", "datasets", "accelerate", "tokenizers", "numpy")
    environment = {name: version(name) for name in packages}
    environment |= {"python": platform.python_version(), "machine": platform.platform()}
    summary = {
        "dev": metrics,
        "best_checkpoint": trainer.state.best_model_checkpoint,
        "environment": environment,
    }
    (out / "summary.json").write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2))


def _tell(message: str) -> None:
    print(f"warwire: {message}", file=sys.stderr)
