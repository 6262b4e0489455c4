"""Documents of plain text to pre-train on: files and folders (plain, .gz, .zst), or a data set of the hub.

A file holds one document a block, blocks parted by a blank line.
"""

import gzip
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from warwire.annotations.errors import InputError, MissingExtraError
from warwire.train.pretrain_config import Hub, Source

if TYPE_CHECKING:
    from typing import BinaryIO

SUFFIXES: Final = (".txt", ".txt.gz", ".txt.zst")


def read_text(sources: Iterable[Source], hub: Iterable[Hub] = ()) -> Iterator[str]:
    """The documents of the sources in order, those of the hub last, without blank ones.

    Raises:
        InputError: a file is no UTF-8, no gzip or zstd file, a folder holds no text, or the hub cannot be read.
    """
    for source in sources:
        for _ in range(source.repeat):
            documents = (text for path in text_files(Path(source.path)) for text in _file_documents(path))
            yield from islice(documents, source.documents)
    for data_set in hub:
        yield from islice(_hub_documents(data_set), data_set.documents)


def text_files(path: Path) -> list[Path]:
    """The file itself, or the text files below a folder by name.

    Raises:
        InputError: the folder holds no text file.
    """
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.name.endswith(SUFFIXES) and file.is_file())
    if not found:
        raise InputError(f"{path}: no {', '.join('*' + suffix for suffix in SUFFIXES)} in this folder")
    return found


def _file_documents(path: Path) -> Iterator[str]:
    block: list[str] = []
    try:
        with path.open("rb") as raw, _text(raw, path) as lines:
            for line in lines:
                if line.strip():
                    block.append(line.rstrip("\n"))
                elif block:
                    yield "\n".join(block)
                    block = []
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: no UTF-8 ({error.reason}); convert it first") from None
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    except Exception as error:
        # The error of zstandard, which is not imported where nothing is compressed with it.
        if type(error).__name__ != "ZstdError":
            raise
        raise InputError(f"{path}: cannot be read: {error}") from None
    if block:
        yield "\n".join(block)


def _text(raw: "BinaryIO", path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.GzipFile(fileobj=raw), encoding="utf-8")
    if path.suffix == ".zst":
        try:
            import zstandard
        except ModuleNotFoundError as error:
            raise MissingExtraError(error.name or "zstandard", "train") from None
        opened: TextIO = zstandard.open(raw, "rt", encoding="utf-8")
        return opened
    return io.TextIOWrapper(raw, encoding="utf-8")


def _hub_documents(source: Hub) -> Iterator[str]:
    from datasets import load_dataset

    try:
        rows = load_dataset(source.dataset, source.name, split=source.split, streaming=True)
        for row in rows:
            if source.column not in row:
                raise InputError(f"{source.dataset}: no column {source.column!r}; there are {', '.join(row)}")
            if text := str(row[source.column]).strip():
                yield text
    except (OSError, ValueError) as error:
        raise InputError(f"data set {source.dataset!r} cannot be read: {str(error).splitlines()[0]}") from None
