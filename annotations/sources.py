"""Labelled documents from files and folders, by suffix: `.ann.txt` is the inline form, all else document JSONL."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.formats.inline import SUFFIX, read_inline
from warwire.annotations.jsonl import scan


@dataclass(frozen=True, slots=True)
class Located:
    """A document and where it was read."""

    document: Document
    path: str
    line: int | None


def read_sources(paths: Iterable[Path]) -> tuple[list[Located], list[Problem]]:
    """All readable documents and all problems of the files; a folder stands for its inline files.

    Raises:
        InputError: a path does not exist, or nothing is in it.
    """
    documents: list[Located] = []
    problems: list[Problem] = []
    for path in paths:
        before = len(documents) + len(problems)
        for file in sorted(path.rglob("*" + SUFFIX)) if path.is_dir() else [path]:
            _read_one(file, documents, problems)
        if len(documents) + len(problems) == before:
            what = f"no file *{SUFFIX} in this folder" if path.is_dir() else "the file is empty"
            raise InputError(f"{path}: {what}; give annotated files, or a folder of them")
    return documents, [*problems, *_repeated_ids(documents)]


def _read_one(file: Path, documents: list[Located], problems: list[Problem]) -> None:
    if file.name.endswith(SUFFIX):
        try:
            documents.append(Located(read_inline(file), str(file), None))
        except DocumentError as error:
            problems += error.problems
        return
    for record in scan(file):
        problems += record.problems
        if record.document is not None:
            documents.append(Located(record.document, record.path, record.line))


def _repeated_ids(documents: Iterable[Located]) -> list[Problem]:
    first: dict[str, Located] = {}
    problems = []
    for located in documents:
        other = first.setdefault(located.document.id, located)
        if other is not located:
            where = other.path if other.line is None else f"{other.path}:{other.line}"
            problem = Problem(f"this id was already used in {where}", document=located.document.id)
            problems.append(problem.at(located.path, located.line))
    return problems
