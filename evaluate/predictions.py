"""Where predictions come from: a model that reads the gold texts, or a file that holds them."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents

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


def predictions(model: str, gold: Sequence[Document]) -> list[Document]:
    """The documents of a prediction file, or what a model finds in the gold texts.

    A model is given the texts without their spans and events, and progress shows on a terminal.

    Raises:
        InputError: the file is broken, or the folder is no model.
    """
    if model != DEFAULT and Path(model).is_file():
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
