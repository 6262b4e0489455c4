"""`warwire annotate audit`: what a corpus can get wrong although each of its documents is right."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from warwire.annotations.ambiguity import ambiguous_surfaces, to_tsv
from warwire.annotations.crossing_names import crossing_names
from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError
from warwire.annotations.near_duplicates import near_duplicates
from warwire.annotations.sources import read_sources


def audit_cli(
    files: Annotated[
        list[Path], typer.Argument(help="Document JSONL, a file for each split; or inline files or folders.")
    ],
    ambiguous: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the surfaces with more than one label as TSV.")
    ] = None,
) -> None:
    """Find near-duplicate articles, persons' names that cross splits, and surfaces with more than one label.

    Each file is a split. Exit code 1 where an article repeats another or a name crosses.
    """
    splits = _read(files)
    findings = audit(splits)
    for line in findings:
        print(line)
    surfaces = ambiguous_surfaces(document for documents in splits.values() for document in documents)
    if ambiguous is not None:
        ambiguous.write_text(to_tsv(surfaces), encoding="utf-8", newline="\n")
    spans = sum(item.minority for item in surfaces)
    where = f"listed in {ambiguous}" if ambiguous is not None else "--ambiguous FILE lists them"
    print(
        f"{len(surfaces)} surfaces have more than one label, {spans} spans one that is not the most frequent; {where}"
    )
    print(f"{sum(map(len, splits.values()))} documents, {len(findings)} findings")
    if findings:
        raise typer.Exit(1)


def audit(splits: Mapping[str, Sequence[Document]]) -> list[str]:
    """A line for each pair of near-duplicates and each name that crosses splits."""
    lines = [
        f"{pair.one} ({pair.splits[0]}) and {pair.other} ({pair.splits[1]}): "
        f"{pair.containment:.0%} of the shorter one is in both"
        for pair in near_duplicates(splits)
    ]
    for name in crossing_names(splits):
        where = "; ".join(f"{split}: {', '.join(ids)}" for split, ids in name.documents.items())
        lines.append(f"{name.name} is in more than one split ({where})")
    return lines


def _read(files: Sequence[Path]) -> dict[str, list[Document]]:
    splits: dict[str, list[Document]] = {}
    for path in files:
        located, problems = read_sources([path])
        if problems:
            raise DocumentError(tuple(problems))
        splits.setdefault(str(path), []).extend(item.document for item in located)
    return splits
