"""`warwire annotate convert`: between document JSONL, the inline form, and the formats of annotation tools."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Final

import typer

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError
from warwire.annotations.formats.brat import read_brat, write_brat
from warwire.annotations.formats.conll import read_conll, write_conll
from warwire.annotations.formats.doccano import read_doccano, write_doccano
from warwire.annotations.formats.inline import SUFFIX, write_inline
from warwire.annotations.formats.label_studio import read_label_studio, write_label_studio
from warwire.annotations.formats.losses import lost_values
from warwire.annotations.formats.prodigy import read_prodigy, write_prodigy
from warwire.annotations.jsonl import write_documents
from warwire.annotations.sources import read_sources


class Format(str, Enum):  # noqa: UP042
    """The formats, as named on the command line."""

    jsonl = "jsonl"
    inline = "inline"
    brat = "brat"
    label_studio = "label-studio"
    doccano = "doccano"
    prodigy = "prodigy"
    conll = "conll"


@dataclass(frozen=True, slots=True)
class Converter:
    """How a format is read, and written; a writer counts what is lost."""

    read: Callable[[Path], Iterable[Document]]
    write: Callable[[Sequence[Document], Path], Counter[str]]


def _read_ours(path: Path) -> list[Document]:
    located, problems = read_sources([path])
    if problems:
        raise DocumentError(tuple(problems))
    return [item.document for item in located]


def _write_jsonl(documents: Sequence[Document], out: Path) -> Counter[str]:
    write_documents(out, documents)
    return Counter()


def _write_inline(documents: Sequence[Document], out: Path) -> Counter[str]:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: holds something already; give a new folder")
    out.mkdir(parents=True, exist_ok=True)
    for document in documents:
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in document.id)
        (out / f"{name}{SUFFIX}").write_text(write_inline(document), encoding="utf-8", newline="\n")
    return lost_values(documents, keeps=["date", "title", "events", "other keys"])


FORMATS: Final = {
    Format.jsonl: Converter(_read_ours, _write_jsonl),
    Format.inline: Converter(_read_ours, _write_inline),
    Format.brat: Converter(read_brat, write_brat),
    Format.label_studio: Converter(read_label_studio, write_label_studio),
    Format.doccano: Converter(read_doccano, write_doccano),
    Format.prodigy: Converter(read_prodigy, write_prodigy),
    Format.conll: Converter(read_conll, write_conll),
}


def convert_cli(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A file, or a folder of inline or brat files.")],
    to: Annotated[Format, typer.Option("--to", help="Format to write.")],
    out: Annotated[Path, typer.Option(help="File to write; a new folder for inline and brat.")],
    origin: Annotated[
        Format, typer.Option("--from", help="Format to read; jsonl and inline are told apart by their names.")
    ] = Format.jsonl,
) -> None:
    """Convert labelled documents between formats; what a format cannot hold is named on standard error."""
    number, lost = convert(source, origin, out, to)
    for what, how_many in sorted(lost.items()):
        print(f"warwire: {to.value} holds no {what}: {how_many} left out", file=sys.stderr)
    print(f"{out}: {number} documents")


def convert(source: Path, origin: Format, out: Path, to: Format) -> tuple[int, Counter[str]]:
    """Read, write; the number of documents and what the format to write lost of them.

    Raises:
        InputError: the input is broken, two documents have one id, or the output cannot be written.
    """
    if not source.exists():
        raise InputError(f"{source}: no such file or folder")
    if source.is_dir() and origin not in (Format.jsonl, Format.inline, Format.brat):
        raise InputError(f"{source}: a folder; {origin.value} is a single file")
    documents = list(FORMATS[origin].read(source))
    repeated = [name for name, number in Counter(document.id for document in documents).items() if number > 1]
    if repeated:
        raise InputError(f"{source}: document {repeated[0]} is there twice; give each document an id of its own")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return len(documents), FORMATS[to].write(documents, out)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from None
