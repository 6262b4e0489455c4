"""`warwire train`, `warwire sweep`, `warwire pretrain`, `warwire pseudolabel`, `warwire export` and `warwire push`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from warwire.annotations.errors import InputError

app = typer.Typer(help="Train and export models.")


@app.command("train", epilog="Example: warwire train train/configs/default.yaml out=runs/mine optimiser.epochs=5")
def train_cli(
    config: Annotated[Path, typer.Argument(help="YAML file; every key is documented in train/configs/README.md.")],
    overrides: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Override keys.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the run folder's newest checkpoint.")] = True,
    progress: Annotated[bool, typer.Option(help="Show a progress bar.")] = True,
) -> None:
    """Fine-tune a tagger as a YAML file says.

    SIGTERM or SIGUSR1: the step is finished and saved, exit code 75; the same command goes on. Several GPUs:
    torchrun --nproc-per-node N --no-python warwire train CONFIG.yaml
    """
    from warwire.train.config import load_config
    from warwire.train.finetune import finetune
    from warwire.train.processes import is_main

    result = finetune(
        load_config(config, overrides or ()), resume=resume, quiet=not progress or not sys.stderr.isatty()
    )
    if not is_main():
        return
    for name in ("core_f1", "f1", "precision", "recall"):
        print(f"{name}: {result.metrics[name]:.4f} (dev windows, seqeval strict IOB2)")
    print(f"model: {result.bundle}")


@app.command(
    "sweep",
    epilog="Example: warwire sweep train/configs/default.yaml out=runs/sweep "
    "--grid optimiser.learning_rate=1e-4,3e-4 --seeds 3",
)
def sweep_cli(
    config: Annotated[Path, typer.Argument(help="YAML file as for 'warwire train'; its 'sweep' section counts too.")],
    overrides: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Override keys.")] = None,
    grid: Annotated[list[str] | None, typer.Option(metavar="KEY=V1,V2", help="Try every combination.")] = None,
    search: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=LOW..HIGH[:log][:whole]", help="Draw by Optuna; KEY=A,B draws one of these."),
    ] = None,
    trials: Annotated[int | None, typer.Option(min=1, help="Draws of a search in all.")] = None,
    seeds: Annotated[int | None, typer.Option(min=1, help="Runs of each set of values.")] = None,
) -> None:
    """Train over a grid or a search of configurations; the same command goes on after a kill."""
    from rich.console import Console

    from warwire.train.sweep import sweep
    from warwire.train.sweep_plan import Recipe, plan_of
    from warwire.train.sweep_results import RESULTS, results_table, settings

    recipe = Recipe(config, tuple(overrides or ()))
    points = sweep(recipe, plan_of(recipe, grid or (), search or (), trials, seeds))
    shared = recipe.config()
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(results_table(settings(points, shared.select_by), shared.select_by))
    print(f"results: {Path(shared.out) / RESULTS} (a curve for the report of warwire evaluate)")


@app.command("push", epilog="Example: warwire push runs/default/model somebody/warwire-default")
def push_cli(
    model: Annotated[Path, typer.Argument(help="Model folder that 'warwire train' wrote.")],
    repository: Annotated[str, typer.Argument(help="Repository on the hub: somebody/some-model.")],
    public: Annotated[bool, typer.Option(help="Make a new repository public.")] = False,
) -> None:
    """Upload a model and its card to a model hub."""
    from warwire.train.push import push

    print(f"pushed: {push(model, repository, private=not public)}")


@app.command("pretrain", epilog="Example: warwire pretrain train/configs/encoder.yaml out=runs/encoder")
def pretrain_cli(
    config: Annotated[Path, typer.Argument(help="YAML file; every key is documented in train/configs/README.md.")],
    overrides: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Override keys.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the run folder's newest checkpoint.")] = True,
    progress: Annotated[bool, typer.Option(help="Show a progress bar.")] = True,
) -> None:
    """Pre-train a small encoder on text, as a YAML file says.

    SIGTERM or SIGUSR1: the step is finished and saved, exit code 75; the same command goes on. Several GPUs:
    torchrun --nproc-per-node N --no-python warwire pretrain CONFIG.yaml
    """
    from warwire.train.pretrain import pretrain
    from warwire.train.pretrain_config import load_pretrain_config
    from warwire.train.processes import is_main

    quiet = not progress or not sys.stderr.isatty()
    result = pretrain(load_pretrain_config(config, overrides or ()), resume=resume, quiet=quiet)
    if not is_main():
        return
    print(f"held out: loss {result.loss:.3f}, masked tokens found {result.accuracy:.4f}")
    print(f"encoder: {result.encoder}")


@app.command(
    "pseudolabel", epilog="Example: warwire pseudolabel runs/one/model runs/two/model --text news --out p.jsonl"
)
def pseudolabel_cli(
    teachers: Annotated[list[Path], typer.Argument(help="Model folders that 'warwire train' wrote.")],
    text: Annotated[list[Path], typer.Option(help="Plain articles: a file (.txt, .gz, .zst) or a folder of such.")],
    out: Annotated[Path, typer.Option(help="Document JSONL to write, for 'data.train'.")],
    documents: Annotated[int | None, typer.Option(min=1, help="Keep only the first so many.")] = None,
    share: Annotated[
        float, typer.Option(min=0, max=1, help="Look at this share of the articles, drawn by hash.")
    ] = 1.0,
    exclude: Annotated[list[Path] | None, typer.Option(help="Documents whose texts must not be among them.")] = None,
    progress: Annotated[bool, typer.Option(help="Count the articles on standard error.")] = True,
) -> None:
    """Tag unlabelled articles by several models together, to train another one on them."""
    from itertools import islice

    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress

    from warwire.annotations.jsonl import read_documents, write_documents
    from warwire.train.pretrain_config import Source
    from warwire.train.pseudo_labels import Selection, load_teachers, once, pseudo_labelled, without_scores
    from warwire.train.text import read_text

    excluded = [document for path in exclude or () for document in read_documents(path)]
    articles = read_text([Source(str(path)) for path in text])
    found = islice(
        once(pseudo_labelled(articles, load_teachers(teachers), Selection(share=share), excluded)), documents
    )
    bar = Progress(
        *Progress.get_default_columns(), MofNCompleteColumn(), console=Console(stderr=True), disable=not progress
    )
    with bar:
        kept = [without_scores(document) for document in bar.track(found, total=documents, description="articles")]
    if not kept:
        raise InputError(f"{text[0]}: no article with events in it; nothing is written")
    write_documents(out, kept)
    print(f"{out}: {len(kept)} articles, {sum(len(document.spans) for document in kept)} spans")


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
