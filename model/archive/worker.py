"""What one worker process does: it holds a model, takes shards, reads them and writes their files."""

import os
import signal
import threading
import time
from dataclasses import dataclass, replace
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from warwire.annotations.document import Document
from warwire.annotations.errors import WarwireError
from warwire.model.archive.incoming import Article, Origin, Rejection
from warwire.model.archive.long_document import LongDocument
from warwire.model.archive.reading import Outcome, failure, read_articles
from warwire.model.archive.shards import ShardFile, UnwritableError, write_shard
from warwire.model.archive.tables import Documents
from warwire.model.extractor import Extractor, load_extractor
from warwire.model.normalise.vague import VagueTable


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What a worker needs to begin: where to write, the model, what it runs on."""

    out: Path
    model: Path | None
    back_end: str | None
    device: str
    vague: VagueTable
    format: str
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """A shard to read; `apart` reads every article on its own, to find out which one ends the process."""

    number: int
    articles: tuple[Article, ...]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A shard whose files are written; or, read apart, nothing written and only the wiser for it."""

    number: int
    files: tuple[ShardFile, ...]
    tagged: int
    rejections: tuple[Rejection, ...]
    words: int
    spans: int
    events: int
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Halt:
    """A fault that no other document would be spared: a full disk, a folder that is gone."""

    number: int
    message: str


def work(connection: Connection, settings: WorkerSettings, watch: Any) -> None:
    """Serve tasks until the other side closes; `watch` is shared memory: index of the article alone, and since when."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        extractor = replace(
            load_extractor(settings.model, settings.back_end, settings.device, settings.threads), vague=settings.vague
        )
    except WarwireError as error:
        connection.send(Halt(-1, str(error)))
        return

    def look(index: int) -> None:
        watch[0], watch[1] = index, time.monotonic()

    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        look(-1)
        connection.send(make(task, extractor, settings, look))


def make(task: Task, extractor: Extractor, settings: WorkerSettings, look: Any) -> Made | Halt:
    """Read a shard and write its files."""
    found = read_articles(task.articles, extractor, look, apart=task.apart)
    start = time.perf_counter()
    try:
        files, found = ((), found) if task.apart else _written(task.number, found, settings)
    except (WarwireError, OSError) as error:
        return Halt(task.number, str(error))
    seconds = {**found.seconds, "write": time.perf_counter() - start}
    return Made(task.number, files, len(found.documents), found.rejections, *_sizes(found.documents), seconds)


def _written(number: int, found: Outcome, settings: WorkerSettings) -> tuple[tuple[ShardFile, ...], Outcome]:
    """The files of a shard, without the documents that have no record: these are rejected."""
    try:
        return write_shard(settings.out, number, found.documents, settings.format), found
    except UnwritableError as error:
        faults = dict(error.faults)
    rejections = tuple(_unwritable(found.documents[index], fault) for index, fault in faults.items())
    kept = tuple(document for index, document in enumerate(found.documents) if index not in faults)
    left = replace(found, documents=kept, rejections=(*found.rejections, *rejections))
    return write_shard(settings.out, number, kept, settings.format), left


def _unwritable(document: Document | LongDocument, error: Exception) -> Rejection:
    if isinstance(document, LongDocument):
        origin, sections = Origin(**document.head.extra["origin"]), document.texts
        return failure(Article(document.head, origin, sections, sum(document.characters)), "write", error)
    return failure(Article(document, Origin(**document.extra["origin"])), "write", error)


def _sizes(documents: Documents) -> tuple[int, int, int]:
    """Words, spans and events."""
    long = [document for document in documents if isinstance(document, LongDocument)]
    short = [document for document in documents if isinstance(document, Document)]
    return (
        sum(d.words for d in long) + sum(len(d.text.split()) for d in short),
        sum(d.spans for d in long) + sum(len(d.spans) for d in short),
        sum(d.events for d in long) + sum(len(d.events) for d in short),
    )


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
