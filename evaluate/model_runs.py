"""The models of an evaluation: what each is, how large, and what it finds in the data sets at what speed."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, Final

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.jsonl import read_documents
from warwire.evaluate.data_sets import DataSet
from warwire.evaluate.pairs import Pair, by_id, pair_documents
from warwire.evaluate.predictions import DEFAULT, is_file

_HEADER_LIMIT: Final = 100_000_000
_TABLE_ROW: Final = re.compile(r"^\|(.*)\|\s*$")


@dataclass(frozen=True, slots=True)
class Speed:
    """The whole path, article to tuples, timed without loading, on this machine in this run."""

    words: int
    documents: int
    seconds: float

    @property
    def words_per_second(self) -> float:
        """Words a second."""
        return self.words / self.seconds

    @property
    def documents_per_second(self) -> float:
        """Documents a second."""
        return self.documents / self.seconds


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The table of scores in a model card, cell by cell as it is written there."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """A model or a file of predictions; what is not known, or does not apply, is None."""

    name: str
    kind: str
    path: Path
    digest: str
    size_bytes: int | None = None
    title: str | None = None
    parameters: int | None = None
    back_end: str | None = None
    device: str | None = None
    load_seconds: float | None = None
    manifest: Mapping[str, Any] | None = None
    card: ModelCard | None = None


@dataclass(frozen=True, slots=True)
class ModelRun:
    """A model with its predictions beside the gold documents of each data set, and its speed over all of them."""

    model: ModelDescription
    pairs: Mapping[str, tuple[Pair, ...]]
    speed: Speed | None = None


def run_model(model: str, data: Sequence[DataSet], timed: bool = True) -> ModelRun:
    """What a model finds in every data set, or what a file says that one found.

    Raises:
        InputError: the file is broken or lacks a document, or the folder is no model.
    """
    if is_file(model):
        return _read_run(model, data)
    from warwire.model.extractor import load_extractor

    begin = time.perf_counter()
    extractor = load_extractor(None if model == DEFAULT else Path(model))
    loaded = time.perf_counter() - begin
    bare = {one.name: [replace(d, spans=(), events=()) for d in one.documents] for one in data}
    if timed:
        # Tables that are read with the first document belong to loading.
        extractor.extract(min(bare[data[0].name], key=lambda document: len(document.text)))
    begin = time.perf_counter()
    predicted = {name: list(extractor.extract_documents(documents)) for name, documents in bare.items()}
    seconds = time.perf_counter() - begin
    speed = Speed(sum(one.words for one in data), sum(len(one.documents) for one in data), seconds) if timed else None
    described = _describe_bundle(model, extractor.tagger.bundle, extractor.tagger.back_end, loaded if timed else None)
    return ModelRun(described, _paired(model, data, predicted), speed)


def _read_run(model: str, data: Sequence[DataSet]) -> ModelRun:
    from warwire.model.bundle import digest

    path = Path(model)
    found = by_id(read_documents(path), "predictions")
    wanted = {document.id for one in data for document in one.documents}
    additional = [name for name in found if name not in wanted]
    if additional:
        raise InputError(
            f"{model}: document {additional[0]} is in no gold file; leave it out, or give its gold file too"
        )
    predicted = {one.name: [found[d.id] for d in one.documents if d.id in found] for one in data}
    described = ModelDescription(model, "predictions", path, digest(path))
    return ModelRun(described, _paired(model, data, predicted))


def _paired(
    model: str, data: Sequence[DataSet], predicted: Mapping[str, Sequence[Document]]
) -> dict[str, tuple[Pair, ...]]:
    try:
        return {one.name: pair_documents(one.documents, predicted[one.name]) for one in data}
    except InputError as error:
        raise InputError(f"{model}: {error}") from None


def _describe_bundle(name: str, bundle: Any, back_end: str, load_seconds: float | None) -> ModelDescription:
    from warwire.model.bundle import MANIFEST, ONNX, TOKENIZER, WEIGHTS, digest

    folder, manifest = bundle.folder, bundle.manifest
    network = folder / ONNX.get(back_end, WEIGHTS)
    size = sum((folder / part).stat().st_size for part in (network.name, TOKENIZER, MANIFEST))
    return ModelDescription(
        name,
        "model",
        folder,
        digest(network),
        size,
        manifest.name,
        count_parameters(folder / WEIGHTS),
        back_end,
        "cpu",
        load_seconds,
        {
            "name": manifest.name,
            "guide": manifest.guide,
            "window": manifest.window,
            "overlap": manifest.overlap,
            "version": manifest.version,
            "tags": len(manifest.tags),
        },
        read_card(folder / "README.md"),
    )


def count_parameters(path: Path) -> int | None:
    """The number of weights in a safetensors file, from its header; None where there is no such file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > _HEADER_LIMIT:
            return None
        try:
            header = json.loads(file.read(length))
            shapes: list[list[int]] = [entry["shape"] for name, entry in header.items() if name != "__metadata__"]
            return sum(prod(shape) for shape in shapes)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None


def read_card(path: Path) -> ModelCard | None:
    """The first table of a model card whose first column is headed *score*; None without card or table."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    table: list[tuple[str, ...]] = []
    for line in lines:
        row = _TABLE_ROW.match(line)
        cells = tuple(cell.strip() for cell in row[1].split("|")) if row else ()
        if table and len(cells) != len(table[0]):
            break
        if table or (cells and cells[0].casefold() == "score"):
            table.append(cells)
    rows = [cells for cells in table[1:] if not all(set(cell) <= set(":- ") for cell in cells)]
    return ModelCard(table[0], tuple(rows)) if rows else None
