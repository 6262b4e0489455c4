"""Where predictions come from: a model that reads the gold texts, or a file that holds them."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents

Found = TypeVar("Found")

DEFAULT: Final = "default"
"""The word for the embedded model; a folder of this name is written `./default`."""


def check_source(model: str) -> None:
    """Check that predictions can come from there, before another model takes minutes.

    Raises:
        InputError: it is neither the word `default`, nor a folder, nor a .jsonl file.
    """
    path = Path(model)
    if model == DEFAULT or path.is_dir() or (path.suffix == ".jsonl" and path.is_file()):
        return
    what = "no such file or folder" if not path.exists() else "neither a folder nor a .jsonl file"
    raise InputError(f"{model}: {what}; give a model folder, a .jsonl file of predicted documents, or '{DEFAULT}'")


def is_file(model: str) -> bool:
    """Whether predictions come from a file, not from a model."""
    return model != DEFAULT and Path(model).is_file()


def files_first(models: Sequence[str], find: Callable[[str], Found]) -> list[Found]:
    """What `find` gives for each model, in the order of the models.

    Files of predictions are read before any model runs: one that is refused costs nobody minutes.
    """
    found = {i: find(models[i]) for i in sorted(range(len(models)), key=lambda i: not is_file(models[i]))}
    return [found[i] for i in range(len(models))]


def predictions(model: str, gold: Sequence[Document]) -> list[Document]:
    """The documents of a prediction file, or what a model finds in the gold texts.

    A model is given the texts without their spans and events, and progress shows on a terminal.

    Raises:
        InputError: the file is broken, or the folder is no model.
    """
    if is_file(model):
        return read_documents(Path(model))
    from warwire.model.extractor import load_extractor

    extractor = load_extractor(None if model == DEFAULT else Path(model))
    bare = [replace(document, spans=(), events=()) for document in gold]
    return list(_watched(extractor.extract_documents(bare), len(bare), model))


def _watched(documents: Iterable[Document], total: int, model: str) -> Iterator[Document]:
    if not sys.stderr.isatty():
        yield from documents
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import track

    yield from track(documents, escape(model), total, console=Console(stderr=True), transient=True)
