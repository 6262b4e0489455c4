"""Fine-tuning with the transformers Trainer: configuration in, run folder with a model bundle out.

OUT/config.json          the resolved configuration
OUT/checkpoints/         for going on: see `warwire.train.checkpoints`
OUT/metrics.jsonl        loss and dev scores by step
OUT/model/               the bundle of the best epoch: weights, tokenizer, label map, manifest

The same command goes on after a kill, and ends with the weights of a run never stopped: bitwise on a CPU with one
process. It also runs as several processes (`torchrun --nproc-per-node 4 --no-python warwire train ...`), which share
the `batch` times `accumulate` windows of each update, so that the result is the same within rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents
from warwire.train.augment import augment, dropped_tokens
from warwire.train.batches import Batches, Hide, Padded, Rows, Shares, label_loss
from warwire.train.card import write_card
from warwire.train.config import TrainConfig
from warwire.train.data_checks import check_documents, check_windows, labelled_rows, locate_rows
from warwire.train.encoder import Network, load_network
from warwire.train.epochs import epoch_lines
from warwire.train.features import Misaligned, WindowShape, build_rows
from warwire.train.lora import merged, with_adapters
from warwire.train.loss_watch import loss_watch
from warwire.train.machine_checks import check_machine
from warwire.train.metric_log import metric_log
from warwire.train.processes import disconnect, is_main, processes, rank, told_once
from warwire.train.push import push
from warwire.train.records import RECORD, record_start
from warwire.train.run_folder import claimed, find_checkpoint, locked, tell, write_records
from warwire.train.save import save_bundle
from warwire.train.scoring import compute_metrics
from warwire.train.signals import StopRequest, stop_requests
from warwire.train.trackers import tracker_callbacks, tracker_names

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from warwire.train.window_trainer import WindowTrainer


@dataclass(frozen=True, slots=True)
class Result:
    """The bundle that a run produced, and the dev scores of its best epoch."""

    bundle: Path
    metrics: dict[str, float]


@dataclass(frozen=True, slots=True)
class Documents:
    """What a run learns from, and what it is scored on after each epoch."""

    train: Sequence[Document]
    dev: Sequence[Document]


def finetune(config: TrainConfig, *, resume: bool = True, quiet: bool = False) -> Result:
    """Train as the configuration says.

    Args:
        config: from `load_config`.
        resume: go on from the newest whole checkpoint in the run folder, if there is one.
        quiet: no progress bar.

    Raises:
        InputError: bad data, a base that cannot be loaded, or a run folder of another configuration or in use.
        PreemptedError: SIGTERM or SIGUSR1 came; the same command goes on.
        NoRoomError: a checkpoint cannot be written.
    """
    out = Path(config.out)
    with stop_requests() as stop:
        with told_once():
            check_machine(config)
            data = read_data(config)
        with locked(out):
            with told_once(), claimed(out, config, made=(RECORD,)):
                if is_main():
                    record_start(out, config)
                network, shape = build_network(config, data)
                trainer = build_trainer(config, network, shape, data, stop, quiet=quiet)
            trainer.run(find_checkpoint(out / "checkpoints") if resume else None)
            return _finished(config, trainer, network, shape)


def window_shape(config: TrainConfig, network: Network) -> WindowShape:
    """The windows of a configuration with the special tokens of its tokenizer around them."""
    tokenizer = network.tokenizer
    plain = tokenizer("a", add_special_tokens=False)["input_ids"]
    full = tokenizer("a")["input_ids"]
    at = next(i for i in range(len(full)) if full[i : i + len(plain)] == plain)
    prefix, suffix = tuple(full[:at]), tuple(full[at + len(plain) :])
    return WindowShape(config.windows.size, config.windows.overlap, prefix, suffix)


def read_data(config: TrainConfig) -> Documents:
    """The documents of a configuration, looked over."""
    train, dev = (
        [document for path in paths for document in read_documents(Path(path))]
        for paths in (config.data.train, config.data.dev)
    )
    for line in check_documents(train, dev):
        tell(line)
    return Documents(train, dev)


def build_network(config: TrainConfig, data: Documents) -> tuple[Network, WindowShape]:
    """The network with the same weights in every process, each of which then draws dropout for itself."""
    import torch
    from transformers import set_seed

    if config.threads:
        torch.set_num_threads(config.threads)
    set_seed(config.seed)
    network = load_network(config, [document.text for document in data.train])
    shape = window_shape(config, network)
    network = with_adapters(network, config.lora)
    if rank():
        torch.manual_seed(config.seed + rank())
    return network, shape


def build_trainer(
    config: TrainConfig,
    network: Network,
    shape: WindowShape,
    data: Documents,
    stop: StopRequest,
    *,
    quiet: bool,
) -> "WindowTrainer":
    """The Trainer of a configuration, its data looked over and cut into windows."""
    from transformers import EarlyStoppingCallback, PrinterCallback
    from transformers.utils.logging import disable_progress_bar

    from warwire.train.window_trainer import WindowTrainer

    disable_progress_bar()  # type: ignore[no-untyped-call]  # those of loading and writing weights; the bar over the steps stays
    raw = plain_tokenizer(network)
    for line in check_windows(data.train, data.dev, raw, shape, network.model):
        tell(line)
    augmented = augment(data.train, config.augment, config.seed)
    train, dev = _rows(augmented, data.dev, raw, shape, config, network)
    optimiser = config.optimiser
    shares = Shares(processes(), rank(), optimiser.accumulate)
    update = optimiser.batch * optimiser.accumulate
    batches = Batches(train.lengths, update, config.seed, by_length=optimiser.group_by_length, shares=shares)
    arguments = _arguments(config, quiet=quiet)
    patience = optimiser.patience
    out = Path(config.out)
    trainer = WindowTrainer(
        stop=stop,
        batches=batches,
        model=network.model,
        args=arguments,
        train_dataset=train,
        eval_dataset=dev,
        data_collator=Padded(network.tokenizer.pad_token_id or 0, multiple=not arguments.use_cpu),
        compute_loss_func=label_loss(optimiser.label_smoothing),
        compute_metrics=compute_metrics,
        callbacks=[epoch_lines(batches), *([EarlyStoppingCallback(patience)] if patience else [])],
    )
    trainer.remove_callback(PrinterCallback)
    locate = locate_rows(augmented, raw, shape, network.tokenizer.unk_token_id)
    for callback in (loss_watch(trainer, locate), metric_log(out), *tracker_callbacks(config, out)):
        trainer.add_callback(callback)
    return trainer


def plain_tokenizer(network: Network) -> "Tokenizer":
    """The tokenizer of a network, that neither cuts nor pads."""
    from tokenizers import Tokenizer

    raw = Tokenizer.from_str(network.tokenizer.backend_tokenizer.to_str())
    raw.no_truncation()
    raw.no_padding()
    return raw


def _rows(
    train: Sequence[Document],
    dev: Sequence[Document],
    raw: "Tokenizer",
    shape: WindowShape,
    config: TrainConfig,
    network: Network,
) -> tuple[Rows, Rows]:
    """Windows to train on and to score; what they lose of the gold spans is told."""
    (taught, lost), (asked, lost_dev) = build_rows(train, raw, shape), build_rows(dev, raw, shape)
    _tell_lost((*lost, *lost_dev))
    hide = _hide(network, config.augment.hidden) if config.augment.hidden else None
    return Rows(labelled_rows(taught), config.seed, hide), Rows(labelled_rows(asked)).longest_first()


def _tell_lost(lost: Sequence[Misaligned]) -> None:
    for item in lost[:5]:
        tell(f"{item.document}, span {item.span}: {item.surface!r} does not end at tokens; it is cut or lost")
    if lost:
        tell(f"{len(lost)} spans do not end at tokens of this tokenizer")


def _finished(config: TrainConfig, trainer: "WindowTrainer", network: Network, shape: WindowShape) -> Result:
    """The bundle of the best epoch and the records, written by the main process."""
    from transformers import EarlyStoppingCallback

    out = Path(config.out)
    trainer.remove_callback(EarlyStoppingCallback)  # it looks for scores of another name
    final = trainer.evaluate(metric_key_prefix="best")
    metrics = {name: float(final[f"best_{name}"]) for name in ("f1", "core_f1", "precision", "recall", "loss")}
    bundle = out / "model"
    disconnect()
    if is_main():
        save_bundle(bundle, config.name, merged(network), shape, half=config.half)
        summary = {"dev": metrics, "best_checkpoint": trainer.state.best_model_checkpoint}
        write_records(out, trainer.state.log_history, summary)
        write_card(bundle, config, metrics, out)
        if config.push:
            push(bundle, config.push)
    return Result(bundle, metrics)


def _hide(network: Network, share: float) -> Hide:
    """Replaces a share of the tokens of a window by the unknown token."""
    tokenizer = network.tokenizer
    unknown = tokenizer.unk_token_id if tokenizer.unk_token_id is not None else tokenizer.mask_token_id
    if unknown is None:
        raise InputError("augment.hidden: this base's tokenizer has neither an unknown nor a mask token; set it to 0")
    keep = frozenset(tokenizer.all_special_ids)

    def hide(ids: Sequence[int]) -> list[int]:
        return next(dropped_tokens([ids], unknown, keep, share))

    return hide


def _arguments(config: TrainConfig, *, quiet: bool) -> Any:
    import torch
    from transformers import TrainingArguments

    optimiser = config.optimiser
    at_once = -(-optimiser.batch // processes())
    arguments = TrainingArguments(
        output_dir=str(Path(config.out) / "checkpoints"),
        num_train_epochs=optimiser.epochs,
        learning_rate=optimiser.learning_rate,
        per_device_train_batch_size=at_once,
        per_device_eval_batch_size=at_once * 2,
        gradient_accumulation_steps=optimiser.accumulate,
        weight_decay=optimiser.weight_decay,
        warmup_steps=optimiser.warmup,
        lr_scheduler_type=optimiser.schedule,
        bf16=optimiser.precision == "bf16",
        fp16=optimiser.precision == "fp16",
        activation_checkpointing=optimiser.activation_checkpointing,
        torch_compile=optimiser.compile,
        eval_strategy="epoch",
        save_strategy="epoch",
        logging_strategy="steps",
        logging_steps=config.log_every,
        logging_first_step=True,
        logging_nan_inf_filter=False,
        load_best_model_at_end=True,
        metric_for_best_model=config.select_by,
        greater_is_better=True,
        restore_callback_states_from_checkpoint=True,
        ddp_find_unused_parameters=False,
        seed=config.seed,
        data_seed=config.seed,
        report_to=tracker_names(config) or "none",
        disable_tqdm=quiet or not is_main(),
        use_cpu=not torch.accelerator.is_available(),
        dataloader_pin_memory=False,
        remove_unused_columns=False,
    )
    if processes() == 1 and arguments.n_gpu > 1:
        tell(f"one of {arguments.n_gpu} GPUs is used; torchrun --nproc-per-node {arguments.n_gpu} uses all of them")
        # The Trainer would run the network in threads, which computes another loss, and more slowly.
        arguments._n_gpu = 1
    return arguments
