"""The input files of an archive run: folders, patterns and addresses, expanded into files in a fixed order.

    inputs as given ─► files ─► kind, size and digest of each

Kinds, by suffix (each also with .gz or .zst), else by the first bytes:

    text     .txt                   one document a file
    html     .html .htm .xhtml      one document a file
    jsonl    .jsonl .ndjson         one document a line
    csv      .csv .tsv              one document a row
    parquet  .parquet               one document a row
    warc     .warc                  one document a response with HTML, or a resource or conversion with text

In a folder, files of other suffixes are left out and named. A file given by name is told by its first bytes, and
refused where they do not tell it.
"""

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import has_magic
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Final

from warwire.annotations.errors import InputError
from warwire.model.archive.incoming import Damage
from warwire.model.archive.remote import Remote, expand_address, is_remote, local_path, read_head

KINDS: Final = ("text", "html", "jsonl", "csv", "parquet", "warc")
COMPRESSIONS: Final = {".gz": "gzip", ".zst": "zstd"}
MAGIC: Final = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_SUFFIXES: Final = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".warc": "warc",
}
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How the inputs are to be read.

    Attributes:
        text: field or column that holds the text; a dot reaches into a nested one ("meta.text").
        id: of the document's id; an id is made from the text where there is none.
        date: of the day of publication.
        title: of the title.
        source: of the source.
        encoding: of text files, HTML, JSONL and CSV; None: UTF-8, else found out.
        delimiter: of CSV; None: found out among comma, semicolon, tab and bar.
        max_bytes: the largest record (line, row, file) that is held in memory; larger ones are rejected.
        max_ratio: decompressed to compressed size above which a file is a bomb, and reading it stops.
        published: date, YYYY-MM-DD, for documents that give none.
    """

    text: str = "text"
    id: str = "id"
    date: str = "date"
    title: str = "title"
    source: str = "source"
    encoding: str | None = None
    delimiter: str | None = None
    max_bytes: int = 64_000_000
    max_ratio: int = 1000
    published: str | None = None


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to be read.

    Attributes:
        name: its name in all outputs: the address as given, or for a folder given, that and the path below it.
        address: what opens it: a path, or an fsspec address.
        kind: one of `KINDS`.
        size: bytes when the run was planned, all that is read of a local file; -1 where it is not known.
        digest: SHA-256 of a local file's bytes, or of what a remote store says of a file's content and its size;
            empty where no digest was asked for.
    """

    name: str
    address: str
    kind: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A file before its kind is known; `asked` where the user gave its name and not that of a folder or a pattern."""

    name: str
    address: str
    asked: bool
    remote: Remote | None = None


def plan_inputs(
    inputs: Sequence[str], kind: str | None = None, *, digest: bool = True
) -> tuple[tuple[InputFile, ...], tuple[Damage, ...]]:
    """The files to read, in the order of the inputs and by path within each, and what was left out with the reason.

    Args:
        inputs: paths of files and folders, patterns (`**` reaches into folders), or fsspec addresses of the same.
        kind: of every file, in place of what its suffix says; folders then give all their files.
        digest: whether to read local files through for their digest; without it digests are empty.

    Raises:
        InputError: a file or folder does not exist or cannot be read, a file given by name is of no known kind, or
            there is nothing to read.
    """
    if kind is not None and kind not in KINDS:
        raise InputError(f"unknown kind {kind!r}; the kinds are {', '.join(KINDS)}")
    files: dict[str, InputFile] = {}
    damages: list[Damage] = []
    for given in inputs:
        for found in _expand(given, damages):
            if found.address in files:
                damages.append(Damage(found.name, "given-twice", "is among the inputs already; it is read once"))
                continue
            planned = _plan(found, kind, digest)
            if isinstance(planned, Damage):
                damages.append(planned)
            else:
                files[found.address] = planned
    if not files:
        left = f" ({len(damages)} left out; the first: {damages[0].file}: {damages[0].reason})" if damages else ""
        raise InputError(f"no input: {', '.join(inputs) or 'nothing given'}: no file to read{left}")
    if all(file.size == 0 for file in files.values()):
        raise InputError(f"no input: {', '.join(inputs)}: every file is empty")
    return tuple(files.values()), tuple(damages)


def file_compression(name: str) -> str | None:
    """What a file is compressed with by its suffix: "gzip", "zstd" or None."""
    return COMPRESSIONS.get(PurePosixPath(name.lower()).suffix)


def bare_name(name: str) -> str:
    """A file's name without the suffixes of its kind and compression: reports/a.txt.gz is reports/a."""
    stem = name[: -len(suffix)] if (suffix := PurePosixPath(name).suffix).lower() in COMPRESSIONS else name
    return stem[: -len(suffix)] if (suffix := PurePosixPath(stem).suffix).lower() in _SUFFIXES else stem


def sniff_kind(head: bytes) -> str | None:
    """The kind that the first bytes of a file (decompressed) leave no doubt about."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return "jsonl" if start.startswith(b'{"') else None


def _expand(given: str, damages: list[Damage]) -> Iterator[_Found]:
    if is_remote(given):
        for remote in expand_address(given):
            yield _Found(remote.address, remote.address, remote.address == given, remote)
        return
    path = Path(local_path(given))
    if path.is_dir():
        yield from _folder(given, path, damages)
    elif os.path.lexists(path):
        _check_given(given, path)
        yield _Found(given, str(path), True)
    elif has_magic(given):
        yield from _matches(path, damages)
    else:
        raise InputError(f"{given}: no such file or folder")


def _matches(pattern: Path, damages: list[Damage]) -> Iterator[_Found]:
    plain = list(takewhile(lambda part: not has_magic(part), pattern.parts))
    root = Path(*plain)
    parts = pattern.parts[len(plain) :]
    # A pattern that ends in ** means files at every depth, which pathlib says in other words before Python 3.13.
    search = str(PurePosixPath(*parts, "*") if parts[-1] == "**" else PurePosixPath(*parts))
    for match in sorted(root.glob(search), key=str):
        if match.is_symlink():
            damages.append(_link(str(match), match, os.path.realpath(root)))
        elif match.is_dir():
            # The files of a folder that ** has found come one by one anyway.
            if "**" not in parts:
                yield from _folder(str(match), match, damages)
        elif (left_out := _unfit(str(match), match)) is not None:
            damages.append(left_out)
        else:
            yield _Found(str(match), str(match), False)


def _folder(given: str, root: Path, damages: list[Damage]) -> Iterator[_Found]:
    prefix = given.rstrip("/") or "/"
    real_root = os.path.realpath(root)
    found: list[str] = []
    left_out: list[Damage] = []
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(root / folder) as scan:
                entries = [(entry.name, entry.is_symlink(), entry.is_dir(follow_symlinks=False)) for entry in scan]
        except OSError as error:
            left_out.append(Damage(_join(prefix, folder), "unreadable", f"the folder cannot be read: {error.strerror}"))
            continue
        for name, is_link, is_folder in entries:
            below = f"{folder}/{name}" if folder else name
            if is_link:
                left_out.append(_link(_join(prefix, below), root / below, real_root))
            elif is_folder:
                pending.append(below)
            else:
                found.append(below)
    damages += sorted(left_out, key=lambda damage: damage.file)
    for below in sorted(found):
        if (unfit := _unfit(_join(prefix, below), root / below)) is not None:
            damages.append(unfit)
        else:
            yield _Found(_join(prefix, below), str(root / below), False)


def _join(prefix: str, below: str) -> str:
    return f"{prefix.rstrip('/')}/{below}" if below else prefix


def _link(name: str, path: Path, root: str) -> Damage:
    target = os.path.realpath(path)
    if not Path(target).exists():
        return Damage(name, "broken-link", "a link that leads nowhere")
    if os.path.commonpath((root, target)) != root:
        return Damage(name, "link-outside", f"a link out of the folder, to {target}; give that as an input of its own")
    if os.path.commonpath((target, os.path.realpath(path.parent))) == target:
        return Damage(name, "link-loop", "a link to a folder that it is in")
    return Damage(name, "link-inside", "a link to what is read in its own place in this folder")


def _unfit(name: str, path: Path) -> Damage | None:
    """Why something is no file to be read, if so."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return Damage(name, "unreadable", f"cannot be read: {error.strerror}")
    if not stat.S_ISREG(mode):
        return Damage(name, "not-a-file", "a pipe, socket or device, no file")
    return None if os.access(path, os.R_OK) else Damage(name, "unreadable", "may not be read")


def _check_given(given: str, path: Path) -> None:
    if (left_out := _unfit(given, path)) is not None:
        raise InputError(f"{given}: {left_out.reason}")


def _plan(found: _Found, kind: str | None, digest: bool) -> InputFile | Damage:
    told = kind or _kind_of_name(found.name)
    if told is None and found.asked:
        told = _kind_of_content(found)
    if told is None:
        reason = f"no known suffix; the suffixes are {' '.join(_SUFFIXES)}, each also with .gz or .zst"
        if found.asked:
            raise InputError(f"{found.name}: {reason}; say what it is with --kind")
        return Damage(found.name, "unknown-kind", f"{reason}; it is left out")
    if found.remote is not None:
        return InputFile(found.name, found.address, told, found.remote.size, found.remote.digest if digest else "")
    try:
        size, hashed = _snapshot(Path(found.address), digest)
    except OSError as error:
        if found.asked:
            raise InputError(f"{found.name}: cannot be read: {error.strerror}") from None
        return Damage(found.name, "unreadable", f"cannot be read: {error.strerror}")
    return InputFile(found.name, found.address, told, size, hashed)


def _kind_of_name(name: str) -> str | None:
    path = PurePosixPath(name.split("::", 1)[0].lower())
    if path.suffix in COMPRESSIONS:
        path = path.with_suffix("")
    return _SUFFIXES.get(path.suffix)


def _kind_of_content(found: _Found) -> str | None:
    from warwire.model.archive.readers.compression import decompressed_head

    try:
        return sniff_kind(decompressed_head(read_head(found.address, 1 << 16)))
    except OSError as error:
        raise InputError(f"{found.name}: cannot be read: {error.strerror or error}") from None


def _snapshot(path: Path, digest: bool) -> tuple[int, str]:
    """The size of a file now, and the digest of so many bytes, however it grows meanwhile."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not digest:
            return size, ""
        hashed, left = hashlib.sha256(), size
        while left > 0 and (block := file.read(min(left, _BLOCK))):
            hashed.update(block)
            left -= len(block)
    return size - left, hashed.hexdigest()
