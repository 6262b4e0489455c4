"""The reports of archives and document files, and how many documents they come from."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError, Problem
from warwire.annotations.jsonl import scan
from warwire.model.ledger.reports import Report, reports_of


@dataclass(frozen=True, slots=True)
class Gathered:
    """Reports, with the numbers of documents read, of those without events, and of those whose id was taken before."""

    reports: list[Report] = field(default_factory=list)
    documents: int = 0
    without_events: int = 0
    renamed: int = 0


def gather(documents: Iterable[Document], progress: Callable[[int], None] | None = None) -> Gathered:
    """The reports of documents; of documents with one id the later ones become `id~2`, `id~3` and so on.

    Args:
        documents: with events; those without have no reports.
        progress: called with the number of documents read so far.
    """
    reports: list[Report] = []
    used: dict[str, int] = {}
    number = without_events = renamed = 0
    for number, document in enumerate(documents, 1):
        if progress is not None and not number % 64:
            progress(number)
        name = document.id
        while name in used:
            used[document.id] += 1
            name = f"{document.id}~{used[document.id]}"
        used[name] = 1
        renamed += name != document.id
        without_events += not document.events
        reports += reports_of(document if name == document.id else replace(document, id=name))
    return Gathered(reports, number, without_events, renamed)


def read_inputs(paths: Iterable[Path], *, unfinished: bool = False) -> Iterator[Document | Problem]:
    """The documents of archives (folders) and of document JSONL files, with a problem for every line that is none.

    Args:
        paths: folders and files.
        unfinished: whether an archive counts whose run has not come to its end, as far as it is.

    Raises:
        InputError: a path does not exist, is empty, or is a folder but no archive, or one that is not finished.
        MissingExtraError: an archive in Parquet without pyarrow.
    """
    for path in paths:
        found = False
        for item in _archive(path, unfinished) if path.is_dir() else _lines(path):
            found = True
            yield item
        if not found:
            raise InputError(f"{path}: no documents; give an archive that 'warwire archive' has written, or JSONL")


def _archive(folder: Path, unfinished: bool) -> Iterator[Document]:
    from warwire.model.archive.collect import is_finished, read_archive

    if not unfinished and not is_finished(folder):
        remedy = "the same 'warwire archive' command finishes it, --unfinished reads what is there"
        raise InputError(f"{folder}: the archive is not finished; {remedy}")
    return read_archive(folder)


def _lines(path: Path) -> Iterator[Document | Problem]:
    for record in scan(path):
        yield from record.problems
        if record.document is not None:
            yield record.document
