"""`warwire annotate draft`."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from warwire.annotations.errors import InputError
from warwire.annotations.record import is_iso_date
from warwire.model.articles import read_articles
from warwire.model.cli import Problems

app = typer.Typer(add_completion=False)


@app.command("draft", epilog="Example: warwire annotate draft articles.jsonl --out drafts")
def draft_cli(
    files: Annotated[
        list[str], typer.Argument(help="Plain text, HTML or document JSONL, or folders of .txt; - is standard input.")
    ],
    out: Annotated[Path, typer.Option(help="New folder for inline .ann.txt files, or a new .jsonl file.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; without it the embedded default.")] = None,
    date: Annotated[str | None, typer.Option(help="Day of publication, YYYY-MM-DD, where a document has none.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Keep only so many, the least certain ones.")] = None,
) -> None:
    """Pre-annotate bare text with a model; the least certain documents come first.

    Each draft records its `doubt`, the share of its words that the model expects to have tagged wrongly.
    """
    if date is not None and not is_iso_date(date):
        raise InputError(f"--date {date!r} is no day like 2024-03-02")
    problems = Problems()
    # The inline form keeps no blank lines around a text.
    articles = problems.divert(read_articles(_files(files), date))
    documents = [replace(item, text=item.text.strip(), spans=(), events=()) for item in articles]
    twice = [name for name, number in Counter(item.id for item in documents).items() if number > 1]
    if twice:
        raise InputError(f"document {twice[0]} is there twice; give each document an id (or file name) of its own")
    if documents:
        from warwire.model.draft import draft, write_drafts
        from warwire.model.extractor import load_extractor

        drafts = draft(load_extractor(model).tagger, documents)[:limit]
        problems.tell(write_drafts(drafts, out))
        doubt = f"doubt {drafts[0].doubt:.3f} to {drafts[-1].doubt:.3f}"
        print(f"{out}: {len(drafts)} documents, {doubt}", file=sys.stderr)
    problems.finish()


def _files(names: list[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        folder = Path(name)
        found += sorted(map(str, folder.rglob("*.txt"))) if name != "-" and folder.is_dir() else [name]
    if not found:
        raise InputError(f"{names[0]}: no file *.txt in this folder; give articles, or a folder of them")
    return found
