"""`warwire annotate convert`: between document JSONL, the inline form, and the formats of annotation tools."""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
from warwire.annotations.formats.folders import check_free
from warwire.annotations.formats.inline_folder import write_inline_folder
from warwire.annotations.formats.label_studio import labelling_interface, read_label_studio, write_label_studio
from warwire.annotations.formats.losses import Reading, lost_values, named
from warwire.annotations.formats.prodigy import read_prodigy, write_prodigy
from warwire.annotations.jsonl import read_documents, write_documents
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
    """How a format is read, and written to a path where nothing is; `is_folder` tells what stands there then."""

    read: Callable[[Path], Reading]
    write: Callable[[Sequence[Document], Path], None]
    is_folder: bool = False
    interface: Callable[[Sequence[Document]], str] | None = None
    """Settings for the tool that a file beside the output holds, in XML."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was done: files written, number of documents, and by kind what was not read and what was not held."""

    written: tuple[Path, ...]
    documents: int
    left_out: Mapping[str, int]
    lost: Mapping[str, int]


def _read_ours(path: Path) -> Reading:
    located, problems = read_sources([path])
    if problems:
        raise DocumentError(tuple(problems))
    return Reading(tuple(item.document for item in located), {})


def _read_back_jsonl(path: Path) -> Reading:
    return Reading(tuple(read_documents(path)), {})


def _write_jsonl(documents: Sequence[Document], out: Path) -> None:
    write_documents(out, documents)


FORMATS: Final = {
    Format.jsonl: Converter(_read_ours, _write_jsonl),
    Format.inline: Converter(_read_ours, write_inline_folder, is_folder=True),
    Format.brat: Converter(read_brat, write_brat, is_folder=True),
    Format.label_studio: Converter(read_label_studio, write_label_studio, interface=labelling_interface),
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
    done = convert(source, origin, out, to)
    for kind, number in sorted(done.left_out.items()):
        print(f"warwire: {source} ({origin.value}): {named(kind, number)} left out", file=sys.stderr)
    for kind, number in sorted(done.lost.items()):
        print(f"warwire: {to.value} holds no {kind}: {named(kind, number)} left out", file=sys.stderr)
    print(f"{out}: {done.documents} document{'' if done.documents == 1 else 's'}")
    for path in done.written[1:]:
        print(f"{path}: labelling interface, for the project's settings")


def convert(source: Path, origin: Format, out: Path, to: Format) -> Conversion:
    """Read, write, and read again what was written, to know what it lost.

    Raises:
        InputError: the input is broken, two documents have one id, or the output cannot be written.
    """
    reading = _read(source, origin)
    repeated = [name for name, times in Counter(document.id for document in reading.documents).items() if times > 1]
    if repeated:
        raise InputError(f"{source}: document {repeated[0]} is there twice; give each document an id of its own")
    try:
        back = _write(reading.documents, out, to)
        written = [out, *_write_interface(reading.documents, out, to)]
    except (OSError, UnicodeEncodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "a text holds half of a surrogate pair; repair it"
        raise InputError(f"{out}: cannot be written: {what}") from None
    left_out = {kind: number for kind, number in reading.left_out.items() if number}
    return Conversion(tuple(written), len(reading.documents), left_out, lost_values(reading.documents, back))


def _read(source: Path, origin: Format) -> Reading:
    if not source.exists():
        raise InputError(f"{source}: no such file or folder")
    folders = [kind for kind in FORMATS if FORMATS[kind].is_folder]
    if source.is_dir() and origin not in (Format.jsonl, *folders):
        raise InputError(f"{source}: is a folder; {origin.value} is a single file, give that")
    if origin is Format.brat and not source.is_dir():
        raise InputError(f"{source}: is a file; give the folder of a brat collection")
    if origin is Format.jsonl and source.is_dir() and any(source.glob("*.ann")):
        raise InputError(f"{source}: this is brat standoff; give --from brat")
    try:
        return FORMATS[origin].read(source)
    except OSError as error:
        raise InputError(f"{error.filename or source}: cannot be read: {error.strerror}") from None


def _write(documents: Sequence[Document], out: Path, to: Format) -> tuple[Document, ...]:
    converter = FORMATS[to]
    if converter.is_folder:
        check_free(out)
    elif out.is_dir():
        raise InputError(f"{out}: is a folder; give a file to write")
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        converter.write(documents, part)
        # Our own JSONL is not told from the inline form by the name of the part.
        back = (_read_back_jsonl if to is Format.jsonl else converter.read)(part).documents
        part.replace(out)
    finally:
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink(missing_ok=True)
    return back


def _write_interface(documents: Sequence[Document], out: Path, to: Format) -> list[Path]:
    make = FORMATS[to].interface
    if make is None:
        return []
    path = out.with_name(f"{out.stem}.interface.xml")
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(make(documents), encoding="utf-8", newline="\n")
    part.replace(path)
    return [path]
