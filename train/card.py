"""The model card of a bundle: README.md with the scores, the data and the recipe filled in, as model hubs read it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from warwire.annotations.labels import CORE_LABELS, GUIDE_VERSION, LABELS
from warwire.train.config import TrainConfig
from warwire.train.records import DataFile, RunRecord, Start, read_record

CARD: Final = "README.md"
_TAGS: Final = ("token-classification", "event-extraction", "named-entity-recognition", "war-reporting", "warwire")
_SCORES: Final = (
    ("core_f1", "f1", f"F1, core labels ({', '.join(CORE_LABELS)})"),
    ("f1", "f1", "F1, all labels"),
    ("precision", "precision", "precision, all labels"),
    ("recall", "recall", "recall, all labels"),
)
_RECIPE: Final = ("name", "windows", "augment", "optimiser", "lora", "select_by", "half", "seed")


def write_card(bundle: Path, config: TrainConfig, metrics: Mapping[str, float], out: Path) -> Path:
    """Write README.md into a bundle.

    Args:
        bundle: the folder that `save_bundle` wrote.
        config: the run's configuration.
        metrics: dev scores of the best epoch, 0..1: core_f1, f1, precision, recall.
        out: the run folder; its run.json gives data digests, revision and machine, where it is there.
    """
    path = bundle / CARD
    path.write_text(card(config, metrics, read_record(out)), encoding="utf-8", newline="\n")
    return path


def card(config: TrainConfig, metrics: Mapping[str, float], record: RunRecord | None) -> str:
    """The text of the card."""
    import yaml

    matter = yaml.safe_dump(_front_matter(config, metrics, record), sort_keys=False, allow_unicode=True)
    parts = [f"---\n{matter}---", *_body(config, metrics, record)]
    return "\n\n".join(parts) + "\n"


def hub_name(config: TrainConfig) -> str | None:
    """The base by its name on a hub; None where it is a folder, or the encoder is made from scratch."""
    return None if config.base is None or Path(config.base).is_dir() else config.base


def _front_matter(config: TrainConfig, metrics: Mapping[str, float], record: RunRecord | None) -> dict[str, Any]:
    base = hub_name(config)
    name = ", ".join(Path(path).name for path in config.data.dev)
    dataset: dict[str, Any] = {"type": "document-jsonl", "name": name, "split": "dev"}
    if record is not None:
        dataset["revision"] = ",".join(file.sha256[:16] for file in record.dev)
    result = {
        "task": {"type": "token-classification", "name": "Spans and triggers of war reporting"},
        "dataset": dataset,
        "metrics": [
            {"type": kind, "name": title, "value": round(metrics[key], 4)}
            for key, kind, title in _SCORES
            if key in metrics
        ],
    }
    return {
        "language": "en",
        "library_name": "transformers",
        "pipeline_tag": "token-classification",
        "tags": list(_TAGS),
        **({"base_model": base} if base else {}),
        "model-index": [{"name": config.name, "results": [result]}],
    }


def _body(config: TrainConfig, metrics: Mapping[str, float], record: RunRecord | None) -> Iterator[str]:
    made_of = hub_name(config) or (
        "an encoder in a folder" if config.base else "a ModernBERT encoder made from scratch"
    )
    yield f"# {config.name}"
    yield (
        f"Tags the words of English war reporting with the {len(LABELS)} labels of warwire's annotation guide, version "
        f"{GUIDE_VERSION}: {', '.join(LABELS)}. Fine-tuned by `warwire train` from {made_of}; warwire links the spans "
        "to events and normalises them."
    )
    yield "## Scores\n\n" + _table(
        ("dev score", "value"), [(t, f"{metrics[k]:.4f}") for k, _, t in _SCORES if k in metrics]
    )
    yield (
        "By seqeval, strict, IOB2, over the windows of the dev data. The epoch was chosen by "
        f"`{config.select_by}` on the same data, so the scores flatter the model a little: `warwire evaluate` on "
        "documents that were never looked at gives its own."
    )
    yield "## Use\n\n```\nwarwire extract --model FOLDER article.txt\nwarwire evaluate FOLDER --data gold.jsonl\n```"
    if record is not None:
        rows = [(kind, *row) for kind in ("train", "dev") for row in _files(getattr(record, kind))]
        yield "## Data\n\n" + _table(("used for", "file", "bytes", "SHA-256"), rows)
    yield f"## Recipe\n\n`warwire train CONFIG.yaml` with\n\n```yaml\n{_recipe(config)}```"
    if record is not None:
        yield _made_on(record.starts[-1])
    yield (
        "## Intended use\n\nTo turn news reports of armed conflict into rows that a person checks: archives, "
        "monitoring, research. Every span has a score and its place in the text, so that a reader can look it up."
    )
    yield (
        "## Limits\n\nIt repeats what a text says and does not know whether it is true: claims of warring parties stay "
        "claims. It is made for English news prose; social media, other languages and other topics were not measured. "
        "It must not be the only ground for a decision about people, and is no means of targeting. "
        "The licences of the base and of the training texts hold for it too."
    )


def _recipe(config: TrainConfig) -> str:
    """The keys that decide what is learned, without paths of the machine."""
    import yaml

    values: dict[str, Any] = msgspec.to_builtins(config)
    kept = {key: values[key] for key in _RECIPE if values[key] is not None}
    if config.augment.gazetteers is not None:
        kept["augment"] = {**kept["augment"], "gazetteers": Path(config.augment.gazetteers).name}
    origin = {"base": hub_name(config) or Path(config.base).name} if config.base else {"encoder": values["encoder"]}
    dumped: str = yaml.safe_dump({**origin, **kept}, sort_keys=False, allow_unicode=True)
    return dumped


def _made_on(start: Start) -> str:
    commit = start.revision.commit or "unknown"
    changed = " with uncommitted changes" if start.revision.dirty else ""
    machine = start.hardware
    gpus = ", ".join(f"{gpu.name}, {gpu.memory / 2**30:.0f} GiB" for gpu in machine.gpus) or "no GPU"
    packages = ", ".join(f"{name} {number}" for name, number in start.packages.items())
    return (
        f"Source revision {commit}{changed}; Python {start.python}; {packages}.\n"
        f"{start.processes} process(es) on {machine.processor}, {machine.cores} cores, "
        f"{machine.memory / 2**30:.0f} GiB; {gpus}."
    )


def _files(files: Sequence[DataFile]) -> Iterator[tuple[str, str, str]]:
    for file in files:
        yield Path(file.path).name, f"{file.bytes:,}", f"`{file.sha256}`"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
