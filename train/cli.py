"""`warwire train`, `warwire pretrain` and `warwire export`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Train and export models.")


@app.command("train", epilog="Example: warwire train train/configs/default.yaml out=runs/mine optimiser.epochs=5")
def train_cli(
    config: Annotated[Path, typer.Argument(help="YAML file; every key is documented in train/configs/README.md.")],
    overrides: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Override keys.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the run folder's newest checkpoint.")] = True,
    progress: Annotated[bool, typer.Option(help="Show a progress bar.")] = True,
) -> None:
    """Fine-tune a tagger as a YAML file says."""
    from warwire.train.config import load_config
    from warwire.train.finetune import finetune

    result = finetune(
        load_config(config, overrides or ()), resume=resume, quiet=not progress or not sys.stderr.isatty()
    )
    for name in ("core_f1", "f1", "precision", "recall"):
        print(f"{name}: {result.metrics[name]:.4f} (dev windows, seqeval strict IOB2)")
    print(f"model: {result.bundle}")


@app.command("pretrain", epilog="Example: warwire pretrain train/configs/encoder.yaml out=runs/encoder")
def pretrain_cli(
    config: Annotated[Path, typer.Argument(help="YAML file; every key is documented in train/configs/README.md.")],
    overrides: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Override keys.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the run folder's newest checkpoint.")] = True,
    progress: Annotated[bool, typer.Option(help="Show a progress bar.")] = True,
) -> None:
    """Pre-train a small encoder on text, as a YAML file says."""
    from warwire.train.pretrain import pretrain
    from warwire.train.pretrain_config import load_pretrain_config

    quiet = not progress or not sys.stderr.isatty()
    result = pretrain(load_pretrain_config(config, overrides or ()), resume=resume, quiet=quiet)
    print(f"held out: loss {result.loss:.3f}, masked tokens found {result.accuracy:.4f}")
    print(f"encoder: {result.encoder}")


@app.command("export", epilog="Example: warwire export runs/default/model")
def export_cli(
    model: Annotated[Path, typer.Argument(help="Model folder that 'warwire train' wrote.")],
) -> None:
    """Write a trained model as ONNX, fp32 and int8, checked."""
    from warwire.train.export import export

    result = export(model)
    for name, path in result.files.items():
        size = path.stat().st_size / 1e6
        print(
            f"{path}: {size:.1f} MB, logits within {result.difference[name]:.2g} of the checkpoint's, "
            f"{result.agreement[name]:.1%} of tags equal"
        )
