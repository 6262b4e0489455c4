"""How fast is `warwire train`, beside the loop of transformers' own token-classification example, on the same model?

    python -m warwire.evaluate.benchmarks.training --size base --kind modernbert --precision bf16 --batch 32
    python -m warwire.evaluate.benchmarks.training --base FOLDER --data REPORTS.jsonl --windows 512

Arms:
    example    a Trainer with `DataCollatorForTokenClassification`: batches drawn at random, padded to their longest row
    warwire    the Trainer of `warwire train`: batches of windows of similar length
    compiled   the same with `optimiser.compile` (where asked for by `--compile`)

All arms train the same weights on the same windows, as many at once, in the same precision. Speed counts tokens of
text, not padding, over whole updates after the first ones; each arm runs in processes of its own, by turns, and the
best of `--rounds` counts. `share` is the share of the matrix-multiplication speed that this machine reaches in the
same precision on large matrices. With `--size` the model is random, of that size, and nothing is downloaded.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from rich.console import Console
from rich.table import Table

from warwire.annotations.jsonl import read_documents

if TYPE_CHECKING:
    from transformers import Trainer

    from warwire.train.config import TrainConfig

CORPUS: Final = Path(__file__).parent.parent.parent / "annotations" / "corpus"
SIZES: Final = {
    "tiny": {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 128},
    "small": {"hidden_size": 256, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 1024},
    "base": {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072},
    "large": {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096},
}
"""Shapes of RoBERTa; ModernBERT has about twice the layers, which are narrower inside."""
VOCABULARY: Final = {"tiny": 2000, "small": 8000, "base": 50_265, "large": 50_265}
ARMS: Final = ("example", "warwire", "compiled")


@dataclass(frozen=True, slots=True)
class Speed:
    """What an arm did: tokens of text and of padding a second, by the clock and by processor time, and its memory.

    `memory` is the peak in bytes: of the GPU where there is one, else of the process. `operations` are floating-point
    operations a token of text, forward and backward.
    """

    tokens: float
    by_processor: float
    padding: float
    memory: int
    operations: float


class _Measured(Exception):  # noqa: N818
    """Enough steps were made."""


def measure(arm: str, config: "TrainConfig", warm: int, steps: int) -> Speed:
    """The speed of an arm in this process, over `steps` updates after `warm` ones."""
    from warwire.train.finetune import build_network, build_trainer, read_data
    from warwire.train.signals import StopRequest

    data = read_data(config)
    network, shape = build_network(config, data)
    trainer: Trainer = build_trainer(config, network, shape, data, StopRequest(), quiet=True)
    if arm == "example":
        trainer = _example(config, network, trainer)
    clock = _Clock(trainer, warm, steps)
    try:
        trainer.train()
    except _Measured:
        return clock.speed(network.model)
    raise ValueError(f"the data has fewer than {warm + steps} updates")


def _example(config: "TrainConfig", network: Any, ours: Any) -> "Trainer":
    """A Trainer as the example script has it, over the windows of ours."""
    from datasets import Dataset
    from transformers import DataCollatorForTokenClassification, PrinterCallback, Trainer

    args = ours.args
    args.logging_strategy, args.logging_steps, args.logging_nan_inf_filter = "steps", 500, True
    args.eval_strategy = args.save_strategy = "no"
    args.load_best_model_at_end = False
    rows = Dataset.from_dict({"input_ids": ours.train_dataset.ids, "labels": ours.train_dataset.labels})
    multiple = 8 if config.optimiser.precision == "fp16" else None
    collator = DataCollatorForTokenClassification(network.tokenizer, pad_to_multiple_of=multiple)
    trainer = Trainer(network.model, args, train_dataset=rows, data_collator=collator)
    trainer.remove_callback(PrinterCallback)
    return trainer


class _Clock:
    """Counts tokens and time of a Trainer's steps, and ends it after enough of them."""

    def __init__(self, trainer: "Trainer", warm: int, steps: int) -> None:
        from transformers import TrainerCallback

        clock, inner = self, trainer.training_step
        self.counted: list[tuple[Any, int, int]] = []
        self.begun = self.ended = (0.0, 0.0)

        def step(model: Any, inputs: Any, *rest: Any, **options: Any) -> Any:
            mask = inputs["attention_mask"]
            clock.counted.append((mask.sum(), *mask.shape))
            return inner(model, inputs, *rest, **options)

        class Steps(TrainerCallback):
            def on_step_end(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
                if state.global_step == warm:
                    clock.counted.clear()
                    clock.begun = _now()
                elif state.global_step == warm + steps:
                    clock.ended = _now()
                    clock.end()

        trainer.training_step = step  # type: ignore[method-assign]
        trainer.add_callback(Steps())

    def end(self) -> NoReturn:
        raise _Measured

    def speed(self, model: Any) -> Speed:
        """The figures of the steps that were counted."""
        text = sum(int(tokens) for tokens, _, _ in self.counted)
        whole = sum(rows * length for _, rows, length in self.counted)
        wall, busy = (end - begin for begin, end in zip(self.begun, self.ended, strict=True))
        length = whole / sum(rows for _, rows, _ in self.counted)
        return Speed(text / wall, text / busy, 1 - text / whole, _memory(), operations(model, length))


def operations(model: Any, length: float) -> float:
    """Floating-point operations a token, forward and backward, with rows of `length` tokens.

    Two for each weight of a linear layer, and those of attention's two products; backward takes twice as many again.
    """
    import torch

    weights: int = sum(part.weight.numel() for part in model.modules() if isinstance(part, torch.nn.Linear))
    config: Any = model.config
    width = int(config.hidden_size)
    kinds = getattr(config, "layer_types", None) or ["full_attention"] * config.num_hidden_layers
    seen: list[float] = [length if kind == "full_attention" else min(length, config.local_attention) for kind in kinds]
    return 3.0 * (2 * weights + sum(4 * width * span for span in seen))


def ceiling(precision: str, size: int, repeats: int = 8) -> float:
    """Floating-point operations a second that this machine reaches multiplying square matrices of a size."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    kind = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}[precision]
    a, b = (torch.randn(size, size, device=device).to(kind) for _ in range(2))
    best = float("inf")
    for _ in range(repeats):
        start, _busy = _now()
        a @ b
        best = min(best, _now()[0] - start)
    return 2.0 * size**3 / best


def _now() -> tuple[float, float]:
    import torch

    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.monotonic(), time.process_time()


def _memory() -> int:
    import resource

    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def random_base(folder: Path, kind: str, size: str, texts: Sequence[str], windows: int) -> Path:
    """A base of a size with random weights, and a tokenizer that the texts taught its vocabulary."""
    from transformers import AutoModelForMaskedLM, ModernBertConfig, RobertaConfig, set_seed
    from transformers.utils.logging import disable_progress_bar

    from warwire.train.encoder import train_tokenizer

    disable_progress_bar()  # type: ignore[no-untyped-call]
    tokenizer = train_tokenizer(texts, VOCABULARY[size])
    shape: dict[str, Any] = dict(SIZES[size])
    names: dict[str, Any] = {
        "vocab_size": max(VOCABULARY[size], len(tokenizer)),
        "pad_token_id": tokenizer.pad_token_id,
    }
    ends: dict[str, Any] = {"bos_token_id": tokenizer.cls_token_id, "eos_token_id": tokenizer.sep_token_id}
    if kind == "modernbert":
        shape["num_hidden_layers"] = {"base": 22, "large": 28}.get(size, shape["num_hidden_layers"])
        shape["intermediate_size"] = {"base": 1152, "large": 2624}.get(size, shape["intermediate_size"])
        marks: dict[str, Any] = {"cls_token_id": tokenizer.cls_token_id, "sep_token_id": tokenizer.sep_token_id}
        config: Any = ModernBertConfig(**shape, **names, **ends, **marks)
    else:
        # RoBERTa counts positions from the one after the padding token's.
        positions = max(512, windows) + int(tokenizer.pad_token_id or 0) + 2
        config = RobertaConfig(**shape, **names, **ends, max_position_embeddings=positions, type_vocab_size=1)
    set_seed(1)
    make: Any = AutoModelForMaskedLM
    make.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def settings(arm: str, base: Path, options: argparse.Namespace, out: Path) -> "TrainConfig":
    """The configuration of an arm."""
    from warwire.train.config import Data, Optimiser, TrainConfig, Windows

    optimiser = Optimiser(
        epochs=1000,
        batch=options.batch,
        precision=options.precision,
        learning_rate=1e-5,
        patience=0,
        group_by_length=arm != "example",
        compile=arm == "compiled",
    )
    files = [str(path) for path in options.data]
    return TrainConfig(
        name=arm,
        data=Data(files, [str(options.dev)]),
        out=str(out),
        base=str(base),
        windows=Windows(options.windows, options.windows // 4),
        optimiser=optimiser,
        threads=options.threads,
        report_to=(),
    )


def main(arguments: Sequence[str]) -> None:
    """Measure the arms by turns, print a table and write the figures."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.arm:
            config = settings(options.arm, options.base, options, folder / "run")
            print(json.dumps(asdict(measure(options.arm, config, options.warm, options.steps))))
            return
        if options.base is None:
            texts = [document.text for path in options.data for document in read_documents(path)]
            options.base = random_base(folder / "base", options.kind, options.size, texts, options.windows)
        arms = [arm for arm in ARMS if arm != "compiled" or options.compile]
        found: dict[str, Speed] = {}
        for _ in range(options.rounds):
            for arm in arms:
                speed = _apart(arm, options)
                if arm not in found or speed.tokens > found[arm].tokens:
                    found[arm] = speed
    top = ceiling(options.precision, options.matrix)
    Console(width=None if sys.stdout.isatty() else 120).print(_table(found, top, options))
    if options.out:
        options.out.write_text(json.dumps({"ceiling": top, **{arm: asdict(s) for arm, s in found.items()}}, indent=1))


def _apart(arm: str, options: argparse.Namespace) -> Speed:
    """Measure an arm in a process of its own, whose memory is nobody else's."""
    command = [sys.executable, "-W", "ignore", "-m", __spec__.name, "--arm", arm, "--base", str(options.base)]
    for name in ("windows", "batch", "precision", "steps", "warm", "threads", "dev"):
        command += [f"--{name}", str(getattr(options, name))]
    command += ["--data", *map(str, options.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return Speed(**json.loads(done.stdout.splitlines()[-1]))


def _table(found: dict[str, Speed], top: float, options: argparse.Namespace) -> Table:
    title = (
        f"{options.batch} windows of {options.windows} tokens at once, {options.precision}, "
        f"{top / 1e12:.2f} TFLOP/s at most"
    )
    table = Table("loop", title=title)
    for heading in ("tokens/s", "ratio", "by processor time", "ratio ", "padding", "share", "peak memory, GB"):
        table.add_column(heading, justify="right")
    plain = found["example"]
    for arm, speed in found.items():
        table.add_row(
            arm,
            f"{speed.tokens:,.0f}",
            f"{speed.tokens / plain.tokens:.2f}",
            f"{speed.by_processor:,.0f}",
            f"{speed.by_processor / plain.by_processor:.2f}",
            f"{speed.padding:.1%}",
            f"{speed.tokens * speed.operations / top:.1%}",
            f"{speed.memory / 1e9:.2f}",
        )
    return table


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, help="folder of a base; without it, a random one of --size")
    parser.add_argument("--size", choices=list(SIZES), default="tiny")
    parser.add_argument("--kind", choices=("roberta", "modernbert"), default="modernbert")
    parser.add_argument("--data", type=Path, nargs="+", default=[CORPUS / "train.jsonl"], help="document JSONL")
    parser.add_argument("--dev", type=Path, default=CORPUS / "dev.jsonl", help="document JSONL; checked, not used")
    parser.add_argument("--windows", type=int, default=512, help="tokens a window")
    parser.add_argument("--batch", type=int, default=16, help="windows an update")
    parser.add_argument("--precision", choices=("fp32", "bf16", "fp16"), default="fp32")
    parser.add_argument("--steps", type=int, default=30, help="updates that count")
    parser.add_argument("--warm", type=int, default=5, help="updates before them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--matrix", type=int, default=2048, help="rows of the matrices of the ceiling; 8192 for a GPU")
    parser.add_argument("--compile", action="store_true", help="measure torch.compile too")
    parser.add_argument("--out", type=Path, help="JSON to write the figures into")
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
